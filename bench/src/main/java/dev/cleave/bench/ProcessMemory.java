package dev.cleave.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** A process's memory, as Linux counts it. */
public final class ProcessMemory {
    private ProcessMemory() {}

    /** Returns the resident bytes of this process. */
    public static long resident() {
        return of(ProcessHandle.current().pid(), "VmRSS")
                .orElseThrow(() -> new IllegalStateException("/proc/self/status has no VmRSS"));
    }

    /** Returns the resident bytes of a process that no file holds; empty where it has ended. */
    public static OptionalLong anonymous(long pid) {
        return of(pid, "RssAnon");
    }

    private static OptionalLong of(long pid, String field) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
                if (line.startsWith(field + ":")) {
                    return OptionalLong.of(Long.parseLong(line.replaceAll("\\D", "")) << 10);
                }
            }
        } catch (IOException e) {
            // It has just ended.
        }
        return OptionalLong.empty();
    }
}
