package dev.cleave.cloud.process;

import io.quarkus.runtime.Quarkus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Somebody's wish that the process ends, and why. The first one counts. Safe for many threads. */
public final class StopRequest {
    /** Beyond what open sessions are granted: an orderly end that takes longer than this will not come. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private volatile Duration grace = Duration.ZERO;
    private final AtomicReference<ExitCode> code = new AtomicReference<>();

    /** States how long an orderly end may wait for open sessions. */
    public void grantSessions(Duration time) {
        grace = time;
    }

    /** Asks the process to end; does not block. Ends it by force half a minute after the sessions' time is over. */
    public void request(ExitCode why) {
        if (!code.compareAndSet(null, why)) {
            return;
        }
        Thread force = new Thread(() -> {
            try {
                Thread.sleep(PATIENCE.plus(grace).toMillis());
                Runtime.getRuntime().halt(why.number());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        force.setName("cleave-stop-by-force");
        force.setDaemon(true);
        force.start();
        Quarkus.asyncExit(why.number());
    }

    /** Returns whether the process is to end. */
    public boolean requested() {
        return code.get() != null;
    }

    /** Returns why, where it is to end. */
    public Optional<ExitCode> code() {
        return Optional.ofNullable(code.get());
    }

    /** Waits until the process is to end. The one wait without a limit: a service has none. */
    public void await() {
        if (!requested()) {
            Quarkus.waitForExit();
        }
    }
}
