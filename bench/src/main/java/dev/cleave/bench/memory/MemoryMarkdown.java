package dev.cleave.bench.memory;

import dev.cleave.bench.memory.MemoryTable.Row;
import java.util.List;
import java.util.Locale;

/** The tables in docs/results/memory.md. */
final class MemoryMarkdown {
    private static final double MIB = 1 << 20;
    private static final double SHARE = 1.05;
    private static final long ALLOWANCE = 8 << 20;
    private static final double ANONYMOUS_SHARE = 0.05;
    private static final long LARGE = 200 << 20;

    private final StringBuilder text = new StringBuilder("""
            # The memory promise

            Each row is a process of `./cleave run` that goes on until prompt and answer together fill the planned length W
            (`--context`), the prompt in chunks of 128 tokens. MiB. Peak: the process's own (VmHWM). Predicted: what it said
            before it opened anything. The promise: peak ≤ predicted ≤ 1.05 · peak + 8 MiB; ratio is predicted / peak. Δ:
            RssAnon(ℓ) − RssAnon(0) at their peaks, beside what the prediction says of it; files' pages (code, scales of weights)
            are in the peak and not in these. A row that fails is set in bold.
            """);

    void section(String model, List<Row> rows) {
        long zero = rows.get(0).run().anonymous();
        long predictedZero = rows.get(0).prediction().anonymous();
        text.append("\n## ").append(model).append("\n\n");
        text.append(
                "| split | bits | link | W | peak | predicted | ratio | promise | Δ | Δ predicted | difference |\n");
        text.append("|---|---|---|---|---|---|---|---|---|---|---|\n");
        int kept = 0;
        double greatest = 0;
        for (Row row : rows) {
            long measured = row.run().anonymous() - zero;
            long predicted = row.prediction().anonymous() - predictedZero;
            double difference = row.what().split() == 0 ? 0 : (double) predicted / measured - 1;
            greatest = Math.max(greatest, Math.abs(difference));
            kept += keeps(row) ? 1 : 0;
            text.append(line(row, measured, predicted, difference));
        }
        text.append(format("\n%d of %d rows keep the promise.", kept, rows.size()));
        text.append(format(" The greatest difference of Δ is %.1f %%", 100 * greatest));
        text.append(large(rows) ? "; goal: 5 %.\n" : "; with so small a model that is the runtime's noise.\n");
    }

    private static boolean large(List<Row> rows) {
        return rows.stream().anyMatch(row -> row.run().peak() > LARGE);
    }

    void limited(List<String> lines) {
        text.append("\n## Inside a limit\n\nA control group whose limit is the prediction, to the byte:\n\n");
        lines.forEach(line -> text.append("- ").append(line).append('\n'));
    }

    String text() {
        return text.toString();
    }

    private static boolean keeps(Row row) {
        long peak = row.run().peak();
        long predicted = row.run().predicted();
        return filled(row) && peak <= predicted && predicted <= SHARE * peak + ALLOWANCE;
    }

    private static boolean filled(Row row) {
        return row.run().status() == 0 && row.run().tokens() == row.what().context();
    }

    private static String line(Row row, long measured, long predicted, double difference) {
        String bits =
                row.what().split() == 0 ? "–" : Integer.toString(row.what().bits());
        if (!filled(row)) {
            return format(
                    "| %d | %s | %s | %d | **did not fill the context: %d tokens, %s** |\n",
                    row.what().split(),
                    bits,
                    row.what().link(),
                    row.what().context(),
                    row.run().tokens(),
                    row.run().finish());
        }
        double peak = row.run().peak() / MIB;
        double said = row.run().predicted() / MIB;
        String delta = row.what().split() == 0
                ? "– | – | –"
                : format(
                        Math.abs(difference) > ANONYMOUS_SHARE && row.run().peak() > LARGE
                                ? "%.1f | %.1f | **%+.1f %%**"
                                : "%.1f | %.1f | %+.1f %%",
                        measured / MIB,
                        predicted / MIB,
                        100 * difference);
        return format(
                "| %d | %s | %s | %d | %.1f | %.1f | %.3f | %s | %s |\n",
                row.what().split(),
                bits,
                row.what().link(),
                row.what().context(),
                peak,
                said,
                said / peak,
                keeps(row) ? "kept" : "**broken**",
                delta);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
