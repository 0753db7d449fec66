package dev.cleave.optimizer.measure;

import dev.cleave.model.bundle.Bundle;
import dev.cleave.optimizer.profile.Provenance;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What this machine says of itself: what a profile should tell, and nothing that names the machine or its owner. */
public final class ThisMachine {
    private static final long KIB = 1024;
    private static final int MOST_WORDS = 120;

    private ThisMachine() {}

    /**
     * Returns the processor in words, how many of them this process has, and how many threads compute.
     *
     * @param threads that share one step's work
     */
    public static String words(int threads) {
        String model = value(Paths.get("/proc/cpuinfo"), "model name")
                .orElse(System.getProperty("os.arch", "unknown") + " processor");
        int processors = Runtime.getRuntime().availableProcessors();
        String words = model.length() <= MOST_WORDS ? model : model.substring(0, MOST_WORDS);
        return words + ", " + processors + (processors == 1 ? " core" : " cores") + ", " + threads
                + (threads == 1 ? " thread" : " threads");
    }

    /**
     * Returns what a profile that is measured now says of its origin.
     *
     * @param program that measures; its package says its version
     * @param engineVersion of ONNX Runtime
     * @param threads that compute together
     */
    public static Provenance provenance(Bundle bundle, Class<?> program, String engineVersion, int threads) {
        Map<String, String> versions = new HashMap<>();
        String own = program.getPackage().getImplementationVersion();
        versions.put("cleave", own == null ? "not packaged" : own);
        versions.put("engine", engineVersion);
        versions.put("java", System.getProperty("java.version"));
        return new Provenance(
                bundle.modelHash(),
                words(threads),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                versions);
    }

    /** Returns bytes that may be taken without pushing anything out, as far as that can be told; else the greatest heap. */
    public static long availableBytes() {
        long available = value(Paths.get("/proc/meminfo"), "MemAvailable")
                .flatMap(text -> number(text.replace(" kB", "")))
                .map(kilobytes -> kilobytes * KIB)
                .orElse(Runtime.getRuntime().maxMemory());
        return Math.min(available, groupLimit().orElse(Long.MAX_VALUE));
    }

    private static Optional<Long> groupLimit() {
        try (BufferedReader reader =
                Files.newBufferedReader(Paths.get("/sys/fs/cgroup/memory.max"), StandardCharsets.UTF_8)) {
            String line = reader.readLine();
            return line == null ? Optional.empty() : number(line);
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text.trim()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> value(Path file, String key) {
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                int colon = line.indexOf(':');
                if (colon > 0 && line.substring(0, colon).trim().equals(key)) {
                    return Optional.of(line.substring(colon + 1).trim().replaceAll("\\s+", " "))
                            .filter(text -> !text.isEmpty());
                }
            }
        } catch (IOException | RuntimeException e) {
            // Another system: there is another answer.
        }
        return Optional.empty();
    }
}
