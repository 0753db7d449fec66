package dev.cleave.bench.emulation;

import dev.cleave.model.Output;
import dev.cleave.model.Sequence;
import java.nio.FloatBuffer;
import java.util.concurrent.locks.LockSupport;

/**
 * A sequence of an emulated device that computes at 1/k of this machine's speed, with the same floats. Everything else is the
 * sequence's that it wraps. Made for one thread at a time; a step allocates nothing.
 *
 * <p>A step of one token is computed ⌊k⌋ times: its row of the KV cache is written again with what it holds already. Waiting instead
 * would let the core cool down, and the next step would be stretched by k with what that costs. A step of several tokens is computed once and
 * the rest is waited for, idle but for the last 100 µs: device and cloud work on a prompt at the same time, and share these cores.
 *
 * <p>What is slowed is computing alone: memory, the codec and the network keep this machine's speed.
 */
public final class SlowedSequence extends ForwardingSequence {
    /** A park wakes 50 to 100 µs late on Linux: that much before the end the wait turns into a spin. */
    private static final long SPIN_NANOS = 100_000;

    private final double factor;
    private long realNanos;

    /**
     * Wraps a sequence, and owns it: closing this closes it.
     *
     * @param real what computes
     * @param factor k: how many times as long a run takes, finite, at least 1
     * @throws IllegalArgumentException for another factor
     */
    public SlowedSequence(Sequence real, double factor) {
        super(real);
        this.factor = checked(factor);
    }

    static double checked(double factor) {
        if (!(factor >= 1 && factor < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "factor: " + factor + "; a sequence can be slowed by a finite factor of at least 1");
        }
        return factor;
    }

    /** Returns how many times as long a run takes. */
    public double factor() {
        return factor;
    }

    /** Returns what the last run took before it was slowed, in ns, in the mean where it was repeated; 0 where there was none. */
    public long realNanos() {
        return realNanos;
    }

    @Override
    public FloatBuffer run(int[] ids, int from, int tokens, int position, Output output) {
        long begin = System.nanoTime();
        int times = times(tokens);
        FloatBuffer result = real.run(ids, from, tokens, position, output);
        for (int i = 1; i < times; i++) {
            result = real.run(ids, from, tokens, position, output);
        }
        stretch(begin, times);
        return result;
    }

    @Override
    public FloatBuffer run(int tokens, int position, Output output) {
        long begin = System.nanoTime();
        int times = times(tokens);
        FloatBuffer result = real.run(tokens, position, output);
        for (int i = 1; i < times; i++) {
            result = real.run(tokens, position, output);
        }
        stretch(begin, times);
        return result;
    }

    private int times(int tokens) {
        return tokens == 1 ? (int) factor : 1;
    }

    private void stretch(long begin, int times) {
        long spent = System.nanoTime() - begin;
        realNanos = spent / times;
        long nanos = (long) Math.ceil(spent * (factor / times));
        // A pending interrupt would turn every park into a spin; it is given back afterwards.
        boolean interrupted = false;
        for (long left = nanos - spent; left > 0; left = nanos - (System.nanoTime() - begin)) {
            if (left > SPIN_NANOS) {
                LockSupport.parkNanos(this, left - SPIN_NANOS);
                interrupted |= Thread.interrupted();
            } else {
                Thread.onSpinWait();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
