package dev.cleave.optimizer.measure;

/**
 * How long the profiler takes over a figure: it repeats a piece of work until {@code sliceMillis} have gone by, but at least
 * {@code least} and at most {@code most} times; what takes longer than the slice itself is done once or twice. Each figure gets two
 * such slices, apart in time, so that another program's busy moment does not meet both.
 *
 * @param context positions up to which times are measured; the model's context where that is less
 * @param least repetitions, at least 2
 * @param most repetitions
 * @param sliceMillis that one figure may take
 */
public record Effort(int context, int least, int most, long sliceMillis) {
    /** Some seconds for a small model, about a minute for three widths of a model of a billion weights. */
    public static final Effort USUAL = new Effort(1024, 5, 200, 60);

    /** A fraction of that. */
    public static final Effort QUICK = new Effort(256, 3, 60, 15);

    static final int LEAST = 2;
    private static final int FEWER = 10;

    /** Checks the ranges. */
    public Effort {
        if (context < 2 || least < LEAST || most < least || sliceMillis < 1) {
            throw new IllegalArgumentException("context=" + context + ", least=" + least + ", most=" + most
                    + ", sliceMillis=" + sliceMillis + ": expected at least 2, " + LEAST + ", least, 1");
        }
    }

    /** Returns what is enough behind waits, which take longer than the work. */
    Effort waiting() {
        return new Effort(context, least, Math.max(least, most / FEWER), sliceMillis * FEWER);
    }

    /** Returns the n-th part of it, for work that is quick and of which there is much. */
    Effort part(int n) {
        return new Effort(context, Math.max(LEAST, least / n), Math.max(LEAST, most / n), Math.max(1, sliceMillis / n));
    }
}
