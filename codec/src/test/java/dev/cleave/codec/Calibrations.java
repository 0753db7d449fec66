package dev.cleave.codec;

import dev.cleave.codec.tuned.Calibration;
import dev.cleave.codec.tuned.CalibrationBuilder;
import dev.cleave.codec.tuned.Transform;
import java.util.Random;

/** Calibrations of made-up activations. */
final class Calibrations {
    static final int VOCABULARY = 50;
    static final int CLASSES = 20;

    private Calibrations() {}

    /** Fitted to {@link Activations#hidden}; tables and codewords are small noise. */
    static Calibration of(int width, int block, long seed) {
        Random random = new Random(seed);
        float[] mean = new float[width];
        for (int i = 0; i < width; i++) {
            mean[i] = (float) random.nextGaussian() / 4;
        }
        char[] classes = new char[VOCABULARY];
        for (int i = 0; i < VOCABULARY; i++) {
            classes[i] = (char) random.nextInt(CLASSES);
        }
        int examples = 40;
        int[] ids = random.ints(examples, 0, VOCABULARY).toArray();
        int[] before = random.ints(examples, -1, VOCABULARY).toArray();
        return new CalibrationBuilder(block, 1.5, mean, orthonormal(width, block, random))
                .ids(classes, noise(CLASSES * width, random), noise(CLASSES * width, random))
                .codewordTransform(orthonormal(width, block, random))
                .codewords(noise(17 * width, random), random.longs(17, 0, 9).toArray())
                .fit(Activations.hidden(examples, width, seed), ids, before)
                .build();
    }

    private static float[] noise(int count, Random random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian() / 2;
        }
        return values;
    }

    /** Products of random Householder reflections, block by block. */
    private static float[] orthonormal(int width, int block, Random random) {
        float[] all = new float[(int) Transform.size(width, block)];
        int at = 0;
        for (int start = 0; start < width; start += block) {
            int size = Math.min(block, width - start);
            double[][] matrix = new double[size][size];
            for (int i = 0; i < size; i++) {
                matrix[i][i] = 1;
            }
            for (int times = 0; times < 3; times++) {
                reflect(matrix, random);
            }
            for (double[] row : matrix) {
                for (double value : row) {
                    all[at++] = (float) value;
                }
            }
        }
        return all;
    }

    private static void reflect(double[][] matrix, Random random) {
        double[] v = random.doubles(matrix.length, -1, 1).toArray();
        double norm = 0;
        for (double value : v) {
            norm += value * value;
        }
        for (double[] row : matrix) {
            double product = 0;
            for (int i = 0; i < v.length; i++) {
                product += row[i] * v[i];
            }
            for (int i = 0; i < v.length; i++) {
                row[i] -= 2 * product / norm * v[i];
            }
        }
    }
}
