package dev.cleave.optimizer.measure;

/** Is told how far a profiler is. */
public interface Progress {
    /** Tells nobody. */
    Progress NONE = (done, total, what) -> {};

    /** Tells so: {@code done} of {@code total} pieces of work, at {@code what}. */
    void advanced(long done, long total, String what);
}
