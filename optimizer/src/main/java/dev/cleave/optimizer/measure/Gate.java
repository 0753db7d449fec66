package dev.cleave.optimizer.measure;

/** Stands before every run of the profiler: it lets others go first. */
public interface Gate {
    /** Always open. */
    Gate OPEN = () -> {};

    /**
     * Waits until the profiler may run.
     *
     * @throws InterruptedException where the profiler is to stop
     */
    void pass() throws InterruptedException;
}
