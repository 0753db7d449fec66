package dev.cleave.bench.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A control group below this process's own, with a limit of memory: version 2, or 1. */
final class MemoryGroup implements AutoCloseable {
    private final Path folder;
    private final boolean unified;

    private MemoryGroup(Path folder, boolean unified) {
        this.folder = folder;
        this.unified = unified;
    }

    /**
     * Makes one.
     *
     * @param limit bytes
     * @throws IOException that says why, where none can be made
     */
    static MemoryGroup create(long limit) throws IOException {
        Path one = own("memory", "cgroup");
        MemoryGroup group =
                one != null ? new MemoryGroup(child(one), false) : new MemoryGroup(child(ownUnified()), true);
        try {
            Files.writeString(
                    group.folder.resolve(group.unified ? "memory.max" : "memory.limit_in_bytes"), Long.toString(limit));
            return group;
        } catch (IOException e) {
            group.close();
            throw e;
        }
    }

    /** Returns a command that joins the group and becomes the other command. */
    List<String> joined(List<String> command) {
        List<String> all = new ArrayList<>(
                List.of("bash", "-c", "echo $$ > '" + folder.resolve("cgroup.procs") + "' && exec \"$0\" \"$@\""));
        all.addAll(command);
        return all;
    }

    /** Returns the group's greatest use, page cache included, bytes; -1 where the kernel does not tell. */
    long peak() {
        try {
            return Long.parseLong(
                    Files.readString(folder.resolve(unified ? "memory.peak" : "memory.max_usage_in_bytes"))
                            .trim());
        } catch (IOException e) {
            return -1;
        }
    }

    /** Returns which version it is of. */
    int version() {
        return unified ? 2 : 1;
    }

    private static Path child(Path parent) throws IOException {
        return Files.createDirectory(
                parent.resolve("cleave-memory-" + ProcessHandle.current().pid()));
    }

    private static Path ownUnified() throws IOException {
        Path own = own("", "cgroup2");
        if (own == null || !Files.exists(own.resolve("memory.max"))) {
            throw new IOException("no control group of this process counts memory");
        }
        return own;
    }

    /** Returns this process's group in the hierarchy of a controller, or null. */
    private static Path own(String controller, String type) throws IOException {
        Path mount = null;
        for (String line : Files.readAllLines(Path.of("/proc/mounts"))) {
            String[] parts = line.split(" ");
            boolean controls =
                    controller.isEmpty() || List.of(parts[3].split(",")).contains(controller);
            if (parts[2].equals(type) && controls) {
                mount = Path.of(parts[1]);
            }
        }
        if (mount == null) {
            return null;
        }
        for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
            String[] parts = line.split(":", 3);
            if (List.of(parts[1].split(",")).contains(controller)) {
                Path own = mount.resolve(parts[2].substring(1));
                return Files.isDirectory(own) ? own : mount;
            }
        }
        return null;
    }

    /** Removes the group; its processes have ended. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(folder);
    }
}
