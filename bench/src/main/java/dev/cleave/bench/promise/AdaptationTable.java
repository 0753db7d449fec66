package dev.cleave.bench.promise;

import dev.cleave.bench.Machine;
import dev.cleave.codec.CodecLevel;
import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.LatencyTarget;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.TextListener;
import dev.cleave.generation.link.LinkLadder;
import dev.cleave.generation.link.LinkPlan;
import dev.cleave.model.Mode;
import dev.cleave.model.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes what becomes of a deadline when the bandwidth of an emulated link falls to a tenth in mid-text and comes back: with
 * the link's quality adapted, and without.
 *
 * <p>Arguments: the file to write, then the bundle. The repository's root is the working directory; the cloud service must be
 * packaged.
 */
public final class AdaptationTable {
    private static final Place.Text TEXT = new Place.Text("Once upon a time, there was a little girl", 150, 256);
    private static final int NARROW_FROM = 40;
    private static final int WIDE_FROM = 90;
    private static final int SHARE = 10;
    private static final CodecLevel PLANNED = CodecLevel.of("lossless");
    private static final double NANOS_PER_MILLI = 1e6;

    private final StringBuilder markdown = new StringBuilder();

    /** A link, and what a token may take longer on it than it usually does. */
    private record Case(Emulated link, double slackMillis) {}

    private static final List<Case> CASES = List.of(
            new Case(new Emulated(1, 5, 1), 30),
            new Case(new Emulated(1, 40, 1), 30),
            new Case(new Emulated(1, 150, 1), 30),
            new Case(new Emulated(2, 40, 4), 15));

    /** Measures and writes. */
    public static void main(String[] args) throws Exception {
        AdaptationTable table = new AdaptationTable();
        table.markdown.append(Files.readString(Path.of("bench/src/main/resources/adaptation-head.md")));
        table.run(Bundle.open(Path.of(args[1])));
        table.markdown
                .append('\n')
                .append(Machine.line("bench/run promise.AdaptationTable docs/results/adaptation.md BUNDLE"))
                .append('\n');
        Files.writeString(Path.of(args[0]), table.markdown);
        System.exit(0);
    }

    private void run(Bundle bundle) throws IOException, InterruptedException {
        int split = bundle.architecture().layers() / 2;
        SplitConfig planned = new SplitConfig(split, 4, 8, PLANNED, Mode.FAST);
        List<CodecLevel> ladder = LinkLadder.below(PLANNED, false, quality -> true);
        try (Place place = Place.idle(bundle, Path.of("").toAbsolutePath())) {
            for (Case each : CASES) {
                place.shape(each.link());
                double usual = place.run(each.link(), planned, TEXT, 1)
                        .timings()
                        .median()
                        .total();
                double deadline = Math.rint(usual + each.slackMillis());
                Run fixed = new Run(place, each, LatencyTarget.watched(deadline));
                fixed.generate(planned);
                Run adapted = new Run(place, each, new LatencyTarget(deadline, ladder, TEXT.tokens()));
                GenerationResult result = adapted.generate(planned);
                place.shape(each.link());
                LinkPlan used = result.trace().links();
                GenerationResult again = place.run(each.link(), planned.with(used), TEXT, deadline);
                row(
                        each,
                        usual,
                        deadline,
                        fixed,
                        adapted,
                        used,
                        again.tokenIds().equals(result.tokenIds()));
            }
        }
    }

    private void row(Case each, double usual, double deadline, Run fixed, Run adapted, LinkPlan used, boolean same) {
        String schedule = used.label();
        System.err.println(each + " " + schedule);
        markdown.append(String.format(
                Locale.ROOT,
                "| %.0f | %.0f | %.1f | %.0f | %d / %d | %d / %d | %d | %s | %s | %s |%n",
                each.link().megabits(),
                each.link().roundTripMillis(),
                usual,
                deadline,
                fixed.late(NARROW_FROM, WIDE_FROM, deadline),
                WIDE_FROM - NARROW_FROM,
                adapted.late(NARROW_FROM, WIDE_FROM, deadline),
                WIDE_FROM - NARROW_FROM,
                adapted.late(NARROW_FROM + 5, WIDE_FROM, deadline),
                back(used),
                same ? "yes" : "no",
                schedule));
    }

    /** Returns how many tokens it took to come back to the planned quality. */
    private static String back(LinkPlan used) {
        return used.changes().stream()
                .filter(change -> change.from() >= WIDE_FROM && change.quality().equals(PLANNED))
                .findFirst()
                .map(change -> Integer.toString(change.from() - WIDE_FROM))
                .orElse("never");
    }

    /** A text on a link whose bandwidth falls and rises. */
    private static final class Run implements TextListener {
        private final Place place;
        private final Case each;
        private final LatencyTarget promise;
        private final List<Long> shown = new ArrayList<>();

        Run(Place place, Case each, LatencyTarget promise) {
            this.place = place;
            this.each = each;
            this.promise = promise;
        }

        GenerationResult generate(SplitConfig config) {
            place.shape(each.link());
            return place.run(each.link(), config, TEXT, promise, this);
        }

        @Override
        public void text(String piece) {
            shown.add(System.nanoTime());
            Emulated link = each.link();
            if (shown.size() == NARROW_FROM) {
                place.shape(new Emulated(link.megabits() / SHARE, link.roundTripMillis(), link.slowness()));
            } else if (shown.size() == WIDE_FROM) {
                place.shape(link);
            }
        }

        /** Counts late ones among shown tokens. */
        int late(int from, int to, double deadline) {
            int late = 0;
            for (int i = from; i < Math.min(to, shown.size()); i++) {
                late += (shown.get(i) - shown.get(i - 1)) / NANOS_PER_MILLI > deadline ? 1 : 0;
            }
            return late;
        }
    }
}
