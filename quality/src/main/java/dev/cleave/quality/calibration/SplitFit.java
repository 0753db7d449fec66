package dev.cleave.quality.calibration;

import dev.cleave.codec.tuned.Calibration;
import dev.cleave.codec.tuned.CalibrationBuilder;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * Calibrates one split. Ours:
 *
 * <ol>
 *   <li>What a token predicts begins with its activations alone, behind the token that begins a text: x ≈ A t(id) + B t(id
 *       before) + c by least squares. Then each id's mean error is added, n / (n + 12) of it where it was seen n times.
 *   <li>Codewords: k-means of x − mean.
 *   <li>U: the eigenvectors of the covariances of what tables and of what codewords leave (the Karhunen–Loève transform),
 *       greatest variance first: one each, or of their sum where two would take too much memory.
 *   <li>Spreads: see {@link CalibrationBuilder}.
 * </ol>
 */
final class SplitFit {
    /**
     * Whole transforms up to here, and one for each kind of tokens; beyond, one of blocks of {@link #BLOCK}: d² would cost too much
     * time and memory.
     */
    private static final int WHOLE = 512;

    private static final int BLOCK = 128;
    private static final int REGRESSION_ROWS = 12_288;
    private static final int SPREAD_ROWS = 6_144;
    private static final double RIDGE = 3e-5;
    private static final double SHRINK = 12;
    private static final int MEAN_ROUNDS = 2;
    /** In a sum. Generated tokens are more than a prompt's, and each a message of its own. */
    private static final double CODEWORDS_WEIGHT = 1 / 3.0;

    private final int width;
    private final int block;
    private final TokenClasses classes;
    private final int[] ids;
    private final int[] before;

    /** @param width d */
    SplitFit(int width, TokenClasses classes, List<int[]> windows) {
        this.width = width;
        this.block = width <= WHOLE ? width : BLOCK;
        this.classes = classes;
        int rows = windows.stream().mapToInt(each -> each.length).sum();
        ids = new int[rows];
        before = new int[rows];
        int row = 0;
        for (int[] window : windows) {
            for (int i = 0; i < window.length; i++, row++) {
                ids[row] = window[i];
                before[row] = i == 0 ? -1 : window[i - 1];
            }
        }
    }

    /**
     * Calibrates.
     *
     * @param text [rows, d]
     * @param table [ids with a row of their own, d]
     */
    Calibration fit(float[] text, float[] table) {
        float[] mean = new float[width];
        double unit = center(text, mean);
        float[] alone = withSharedRow(table, mean);
        float[] current = new float[classes.rows() * width];
        float[] previous = new float[classes.rows() * width];
        float[] centred = new float[text.length];
        for (int i = 0; i < text.length; i++) {
            centred[i] = text[i] - mean[i % width];
        }
        float[] rest = centred.clone();
        for (int start = 0; start < width; start += block) {
            regress(rest, alone, current, previous, start, Math.min(block, width - start));
        }
        subtract(rest, current, previous);
        for (int round = 0; round < MEAN_ROUNDS; round++) {
            addMeans(rest, ids, current);
            addMeans(rest, before, previous);
        }
        Codebook codebook = Codebook.of(centred, width);
        codebook.subtract(centred);
        boolean two = width <= WHOLE;
        float[] transform =
                transform((start, size) -> two ? covariance(rest, start, size) : ofBoth(rest, centred, start, size));
        float[] forCodewords = two ? transform((start, size) -> covariance(centred, start, size)) : transform;
        CalibrationBuilder builder = new CalibrationBuilder(block, unit, mean, transform)
                .ids(classes.classOf(), turned(current, transform), turned(previous, transform))
                .codewords(turned(codebook.words(), forCodewords), codebook.uses());
        if (two) {
            builder.codewordTransform(forCodewords);
        }
        return fitSpreads(builder, text).build();
    }

    /** Finds the mean over all tokens but the first of each window, which is like no other. */
    private double center(float[] text, float[] mean) {
        double[] sums = new double[width];
        double squares = 0;
        int count = 0;
        for (int row = 0; row < ids.length; row++) {
            if (before[row] < 0) {
                continue;
            }
            count++;
            for (int i = 0; i < width; i++) {
                double value = text[row * width + i];
                sums[i] += value;
                squares += value * value;
            }
        }
        for (int i = 0; i < width; i++) {
            mean[i] = (float) (sums[i] / count);
            squares -= sums[i] / count * sums[i];
        }
        return Math.sqrt(Math.max(squares, Double.MIN_NORMAL) / count / width);
    }

    private float[] withSharedRow(float[] table, float[] mean) {
        float[] alone = new float[classes.rows() * width];
        int own = table.length / width;
        double[] sums = new double[width];
        for (int i = 0; i < table.length; i++) {
            alone[i] = table[i] - mean[i % width];
            sums[i % width] += alone[i];
        }
        for (int i = 0; own < classes.rows() && i < width; i++) {
            alone[own * width + i] = (float) (sums[i] / own);
        }
        return alone;
    }

    /** Least squares with a ridge, in each column a share of its squares: [t(id), t(id before), 1] to the block's values. */
    private void regress(float[] rest, float[] alone, float[] current, float[] previous, int start, int size) {
        int stride = Math.max(1, ids.length / REGRESSION_ROWS);
        int columns = 2 * size + 1;
        DMatrixRMaj x = new DMatrixRMaj(ids.length / stride + 1, columns);
        DMatrixRMaj y = new DMatrixRMaj(ids.length / stride + 1, size);
        int rows = 0;
        for (int row = 0; row < ids.length; row += stride) {
            if (before[row] < 0) {
                continue;
            }
            for (int i = 0; i < size; i++) {
                x.set(rows, i, alone[classes.classOf()[ids[row]] * width + start + i]);
                x.set(rows, size + i, alone[classes.classOf()[before[row]] * width + start + i]);
                y.set(rows, i, rest[row * width + start + i]);
            }
            x.set(rows++, 2 * size, 1);
        }
        x.reshape(rows, columns, true);
        y.reshape(rows, size, true);
        DMatrixRMaj gram = new DMatrixRMaj(columns, columns);
        CommonOps_DDRM.multInner(x, gram);
        DMatrixRMaj product = new DMatrixRMaj(columns, size);
        CommonOps_DDRM.multTransA(x, y, product);
        for (int i = 0; i < columns; i++) {
            gram.add(i, i, RIDGE * gram.get(i, i) + 1e-9 * rows);
        }
        DMatrixRMaj solution = new DMatrixRMaj(columns, size);
        if (!CommonOps_DDRM.solve(gram, product, solution)) {
            // Constant activations: there is nothing to predict.
            solution.zero();
        }
        for (int row = 0; row < classes.rows(); row++) {
            for (int k = 0; k < size; k++) {
                double now = solution.get(2 * size, k);
                double then = 0;
                for (int i = 0; i < size; i++) {
                    now += alone[row * width + start + i] * solution.get(i, k);
                    then += alone[row * width + start + i] * solution.get(size + i, k);
                }
                current[row * width + start + k] = (float) now;
                previous[row * width + start + k] = (float) then;
            }
        }
    }

    private void subtract(float[] rest, float[] current, float[] previous) {
        for (int row = 0; row < ids.length; row++) {
            int now = classes.classOf()[ids[row]] * width;
            for (int i = 0; i < width; i++) {
                rest[row * width + i] -= current[now + i];
            }
            if (before[row] >= 0) {
                int then = classes.classOf()[before[row]] * width;
                for (int i = 0; i < width; i++) {
                    rest[row * width + i] -= previous[then + i];
                }
            }
        }
    }

    /** Moves the mean of each class from the rest to the table, shrunk where there are few examples. */
    private void addMeans(float[] rest, int[] which, float[] table) {
        double[] sums = new double[table.length];
        int[] counts = new int[classes.rows()];
        for (int row = 0; row < ids.length; row++) {
            if (before[row] >= 0) {
                int at = classes.classOf()[which[row]];
                counts[at]++;
                for (int i = 0; i < width; i++) {
                    sums[at * width + i] += rest[row * width + i];
                }
            }
        }
        for (int i = 0; i < table.length; i++) {
            sums[i] /= counts[i / width] + SHRINK;
            table[i] += (float) sums[i];
        }
        for (int row = 0; row < ids.length; row++) {
            int at = before[row] < 0 ? -1 : classes.classOf()[which[row]] * width;
            for (int i = 0; at >= 0 && i < width; i++) {
                rest[row * width + i] -= (float) sums[at + i];
            }
        }
    }

    /** A covariance of components {@code start} to {@code start + size}. */
    private interface Covariance {
        DMatrixRMaj of(int start, int size);
    }

    private float[] transform(Covariance covariance) {
        float[] all = new float[0];
        for (int start = 0; start < width; start += block) {
            float[] rows = eigenvectors(covariance, start, Math.min(block, width - start));
            int at = all.length;
            all = Arrays.copyOf(all, at + rows.length);
            System.arraycopy(rows, 0, all, at, rows.length);
        }
        return all;
    }

    private DMatrixRMaj ofBoth(float[] rest, float[] behindCodewords, int start, int size) {
        DMatrixRMaj covariance = covariance(rest, start, size);
        CommonOps_DDRM.addEquals(covariance, CODEWORDS_WEIGHT, covariance(behindCodewords, start, size));
        return covariance;
    }

    private float[] eigenvectors(Covariance of, int start, int size) {
        EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(size, true, true);
        if (!eigen.decompose(of.of(start, size))) {
            throw new IllegalStateException("a covariance of " + size + " components has no eigenvectors");
        }
        Integer[] order = new Integer[size];
        Arrays.setAll(order, i -> i);
        Arrays.sort(
                order,
                (a, b) -> Double.compare(
                        eigen.getEigenvalue(b).getReal(), eigen.getEigenvalue(a).getReal()));
        float[] vectors = new float[size * size];
        for (int k = 0; k < size; k++) {
            DMatrixRMaj vector = eigen.getEigenVector(order[k]);
            for (int i = 0; i < size; i++) {
                vectors[k * size + i] = (float) vector.get(i);
            }
        }
        return vectors;
    }

    /** Returns the covariance, its trace being 1. */
    private DMatrixRMaj covariance(float[] rest, int start, int size) {
        DMatrixRMaj x = new DMatrixRMaj(ids.length, size);
        int rows = 0;
        for (int row = 0; row < ids.length; row++) {
            if (before[row] >= 0) {
                for (int i = 0; i < size; i++) {
                    x.set(rows, i, rest[row * width + start + i]);
                }
                rows++;
            }
        }
        x.reshape(rows, size, true);
        DMatrixRMaj covariance = new DMatrixRMaj(size, size);
        CommonOps_DDRM.multInner(x, covariance);
        double trace = CommonOps_DDRM.trace(covariance);
        CommonOps_DDRM.scale(trace > 0 ? 1 / trace : 0, covariance);
        return covariance;
    }

    /** Returns rows · Uᵀ. */
    private float[] turned(float[] rows, float[] transform) {
        float[] turned = new float[rows.length];
        int at = 0;
        for (int start = 0; start < width; start += block) {
            int size = Math.min(block, width - start);
            for (int from = start; from < rows.length; from += width) {
                for (int k = 0; k < size; k++) {
                    float sum = 0;
                    for (int i = 0; i < size; i++) {
                        sum += transform[at + k * size + i] * rows[from + i];
                    }
                    turned[from + k] = sum;
                }
            }
            at += size * size;
        }
        return turned;
    }

    private CalibrationBuilder fitSpreads(CalibrationBuilder builder, float[] text) {
        int stride = Math.max(1, ids.length / SPREAD_ROWS) | 1;
        int count = (ids.length + stride - 1) / stride;
        float[] rows = new float[count * width];
        int[] some = new int[count];
        int[] someBefore = new int[count];
        for (int i = 0; i < count; i++) {
            System.arraycopy(text, i * stride * width, rows, i * width, width);
            some[i] = ids[i * stride];
            someBefore[i] = before[i * stride];
        }
        return builder.fit(rows, some, someBefore);
    }
}
