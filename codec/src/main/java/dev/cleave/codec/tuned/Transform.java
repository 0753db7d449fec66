package dev.cleave.codec.tuned;

import java.util.Arrays;

/**
 * An orthonormal U with blocks of b rows and columns on its diagonal, around a mean: y = U (x − mean). Immutable.
 */
public final class Transform {
    private final int block;
    private final float[] mean;
    private final float[] rows;
    private volatile float[] columns;

    /**
     * Takes its arrays as its own.
     *
     * @param mean [d]
     * @param rows by blocks: of each, its rows one after another (see {@link #size})
     */
    public Transform(int block, float[] mean, float[] rows) {
        this.block = block;
        this.mean = mean;
        this.rows = rows;
    }

    /** Returns the number of values. */
    public static long size(int width, int block) {
        long rest = width % block;
        return (long) (width / block) * block * block + rest * rest;
    }

    public int block() {
        return block;
    }

    public float[] rows() {
        return rows;
    }

    /** Returns the bytes that it occupies at the end that decodes; as many again where it encodes. */
    public long bytes() {
        return (long) Float.BYTES * rows.length;
    }

    /** Made when first used: only who encodes needs them. */
    private float[] columns() {
        float[] made = columns;
        if (made == null) {
            made = new float[rows.length];
            for (int start = 0, at = 0; start < mean.length; start += block) {
                int size = Math.min(block, mean.length - start);
                for (int k = 0; k < size; k++) {
                    for (int i = 0; i < size; i++) {
                        made[at + i * size + k] = rows[at + k * size + i];
                    }
                }
                at += size * size;
            }
            columns = made;
        }
        return made;
    }

    /**
     * Computes y = U (x − mean).
     *
     * @param x [d]
     * @param y [d], overwritten
     */
    public void forward(float[] x, float[] y) {
        float[] each = columns();
        Arrays.fill(y, 0);
        int at = 0;
        for (int start = 0; start < x.length; start += block) {
            int size = Math.min(block, x.length - start);
            for (int i = 0; i < size; i++, at += size) {
                addScaled(each, at, x[start + i] - mean[start + i], y, start, size);
            }
        }
    }

    /**
     * Computes x = mean + Uᵀ y.
     *
     * @param y [d]
     * @param x [d], overwritten
     */
    public void inverse(float[] y, float[] x) {
        System.arraycopy(mean, 0, x, 0, x.length);
        int at = 0;
        for (int start = 0; start < x.length; start += block) {
            int size = Math.min(block, x.length - start);
            for (int k = 0; k < size; k++, at += size) {
                if (y[start + k] != 0) {
                    addScaled(rows, at, y[start + k], x, start, size);
                }
            }
        }
    }

    /** The loop that a compiler turns into vector instructions. */
    public static void addScaled(float[] from, int at, float factor, float[] to, int start, int count) {
        for (int i = 0; i < count; i++) {
            to[start + i] += factor * from[at + i];
        }
    }
}
