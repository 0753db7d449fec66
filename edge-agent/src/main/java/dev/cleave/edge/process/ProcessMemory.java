package dev.cleave.edge.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What the kernel says of this process's memory. */
public final class ProcessMemory {
    private static final String PEAK = "VmHWM:";

    private ProcessMemory() {}

    /** Returns the greatest resident set so far, in bytes (VmHWM); empty where the system has no /proc. */
    public static OptionalLong peakResident() {
        try {
            return parse(Files.readString(Path.of("/proc/self/status")));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    static OptionalLong parse(String status) {
        return status.lines()
                .filter(line -> line.startsWith(PEAK))
                .map(line -> line.substring(PEAK.length()).trim().split(" ")[0])
                .mapToLong(kib -> Long.parseLong(kib) * 1024)
                .findFirst();
    }
}
