package dev.cleave.edge.process;

import dev.cleave.edge.ExitCode;
import dev.cleave.generation.Cancellation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jline.utils.Signals;

/**
 * Ctrl-C and its relatives. The virtual machine's own answer would be to run all shutdown hooks at once, one of which frees
 * the engine under a running step. So the working thread is asked to leave, and only if it does not, the process is ended.
 *
 * <p>While an answer is generated the first SIGINT cancels it; in a conversation the program then goes on.
 */
public final class Interrupts {
    /** A step that takes longer than this after a cancel is not waited for. */
    private static final Duration STEP_PATIENCE = Duration.ofSeconds(2);

    /** A program that has not ended this long after a signal never will. */
    private static final Duration END_PATIENCE = Duration.ofSeconds(15);

    private final Thread worker = Thread.currentThread();
    private final List<Runnable> lastResorts = new CopyOnWriteArrayList<>();
    private ExitCode reason;
    private Cancellation answer;
    private boolean goesOn;

    private Interrupts() {}

    /** Takes the signals; the calling thread is the one that is asked to leave. */
    public static Interrupts install() {
        Interrupts interrupts = new Interrupts();
        Signals.register("INT", () -> interrupts.raise(ExitCode.INTERRUPTED));
        Signals.register("TERM", () -> interrupts.raise(ExitCode.TERMINATED));
        Signals.register("HUP", () -> interrupts.raise(ExitCode.HUNG_UP));
        return interrupts;
    }

    /** Returns interrupts that no signal raises. */
    public static Interrupts none() {
        return new Interrupts();
    }

    /** Adds what must happen, at any price and quickly, before the process is ended by force. */
    public void lastResort(Runnable action) {
        lastResorts.add(action);
    }

    /** Says that an answer is generated, which the first signal cancels, and whether the program goes on after SIGINT. */
    public synchronized void answering(Cancellation cancellation, boolean programGoesOn) {
        answer = cancellation;
        goesOn = programGoesOn;
        if (reason != null) {
            cancellation.cancel();
        }
    }

    /** Says that the answer has ended. */
    public synchronized void answered() {
        answer = null;
        if (reason == null) {
            // A late interrupt belonged to the answer.
            Thread.interrupted();
        }
    }

    /** Returns why the program is to end, where it is. */
    public synchronized Optional<ExitCode> reason() {
        return Optional.ofNullable(reason);
    }

    /** Raises a signal. Does not block. */
    public synchronized void raise(ExitCode why) {
        boolean cancels = answer != null && !answer.cancelled();
        boolean ends = why != ExitCode.INTERRUPTED || !goesOn || !cancels;
        if (ends && reason == null) {
            reason = why;
            later(END_PATIENCE, () -> endByForce(why));
        }
        if (cancels) {
            Cancellation cancelled = answer;
            cancelled.cancel();
            later(STEP_PATIENCE, () -> interruptWhile(cancelled));
        } else {
            worker.interrupt();
        }
    }

    private synchronized void interruptWhile(Cancellation cancelled) {
        if (answer == cancelled) {
            worker.interrupt();
        }
    }

    private void endByForce(ExitCode why) {
        lastResorts.forEach(Runnable::run);
        Runtime.getRuntime().halt(why.number());
    }

    private static void later(Duration delay, Runnable action) {
        Thread thread = new Thread(() -> {
            try {
                Thread.sleep(delay.toMillis());
                action.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setName("cleave-interrupt");
        thread.setDaemon(true);
        thread.start();
    }
}
