package dev.cleave.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/** The line that stands below every table: on what it was measured, when, and by which command. */
public final class Machine {
    private Machine() {}

    /**
     * Returns the line.
     *
     * @param command that writes the table again
     */
    public static String line(String command) {
        return String.format(
                Locale.ROOT,
                "Machine: %d shared cores (%s), %d GiB, %s, Java %s; %s. Command: `%s`.",
                Runtime.getRuntime().availableProcessors(),
                value("/proc/cpuinfo", "model name").replaceAll(" with .*| \\d+-Core Processor|\\(R\\)|\\(TM\\)", ""),
                Math.round(Long.parseLong(value("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) / 1048576.0),
                value("/etc/os-release", "PRETTY_NAME").replace("\"", ""),
                Runtime.version().feature(),
                LocalDate.now(ZoneOffset.UTC),
                command);
    }

    private static String value(String file, String name) {
        try {
            for (String line : Files.readAllLines(Path.of(file))) {
                String[] parts = line.split("[:=]", 2);
                if (parts.length == 2 && parts[0].trim().equals(name)) {
                    return parts[1].trim();
                }
            }
        } catch (IOException e) {
            // Not Linux: the line says so.
        }
        return "0 (unknown)";
    }
}
