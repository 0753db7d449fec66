package dev.cleave.cloud.worker;

import dev.cleave.cloud.process.ExitCode;
import dev.cleave.cloud.process.StartFailure;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Names of workers: unique at a broker, [A-Za-z0-9_-]{1,16}. */
public final class WorkerNames {
    private static final int MOST = 16;

    private WorkerNames() {}

    /**
     * Returns the name that is asked for, or one of the host's name and the process's number.
     *
     * @throws StartFailure where the name that is asked for cannot stand in a topic
     */
    public static String of(Optional<String> asked) {
        if (asked.isPresent()) {
            if (!asked.get().matches("[A-Za-z0-9_-]{1,16}")) {
                throw new StartFailure(
                        ExitCode.SETTINGS,
                        "cleave.worker.name '" + asked.get()
                                + "' is not 1 to 16 letters, digits, dashes or underscores");
            }
            return asked.get();
        }
        String end = "-" + Long.toString(ProcessHandle.current().pid(), 36);
        String host = host().replaceAll("[^A-Za-z0-9_-]", "");
        return (host.isEmpty() ? "worker" : host.substring(0, Math.min(host.length(), MOST - end.length()))) + end;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("\\..*", "");
        } catch (UnknownHostException unknown) {
            return "worker";
        }
    }
}
