package dev.cleave.quality.calibration;

import java.util.Arrays;
import java.util.Random;

/**
 * Codewords by k-means (Lloyd), from a fixed seed.
 *
 * @param words [C, d]
 * @param uses [C], examples of which each is the nearest
 */
record Codebook(float[] words, long[] uses) {
    private static final int MOST = 512;
    private static final int EXAMPLES_PER_WORD = 12;
    private static final int EXAMPLES = 12_288;
    private static final int ROUNDS = 8;
    private static final long SEED = 17;

    /** @param rows [n, d] */
    static Codebook of(float[] rows, int width) {
        int all = rows.length / width;
        int stride = Math.max(1, all / EXAMPLES) | 1;
        int examples = (all + stride - 1) / stride;
        int words = Math.max(2, Math.min(MOST, examples / EXAMPLES_PER_WORD));
        Random random = new Random(SEED);
        float[] codebook = new float[words * width];
        for (int j = 0; j < words; j++) {
            System.arraycopy(rows, random.nextInt(examples) * stride * width, codebook, j * width, width);
        }
        long[] uses = new long[words];
        int[] nearest = new int[examples];
        for (int round = 0; round < ROUNDS; round++) {
            assign(rows, stride, width, codebook, nearest);
            double[] sums = new double[codebook.length];
            Arrays.fill(uses, 0);
            for (int i = 0; i < examples; i++) {
                uses[nearest[i]]++;
                for (int k = 0; k < width; k++) {
                    sums[nearest[i] * width + k] += rows[i * stride * width + k];
                }
            }
            for (int j = 0; j < words; j++) {
                int spare = random.nextInt(examples) * stride * width;
                for (int k = 0; k < width; k++) {
                    codebook[j * width + k] = uses[j] == 0 ? rows[spare + k] : (float) (sums[j * width + k] / uses[j]);
                }
            }
        }
        return new Codebook(codebook, uses);
    }

    /** Takes from each row the word that is nearest. */
    void subtract(float[] rows) {
        int width = words.length / uses.length;
        int[] nearest = new int[rows.length / width];
        assign(rows, 1, width, words, nearest);
        for (int i = 0; i < rows.length; i++) {
            rows[i] -= words[nearest[i / width] * width + i % width];
        }
    }

    private static void assign(float[] rows, int stride, int width, float[] codebook, int[] nearest) {
        int words = codebook.length / width;
        float[] columns = new float[codebook.length];
        float[] halfNorms = new float[words];
        for (int j = 0; j < words; j++) {
            for (int k = 0; k < width; k++) {
                float value = codebook[j * width + k];
                columns[k * words + j] = value;
                halfNorms[j] += value * value / 2;
            }
        }
        float[] scores = new float[words];
        for (int i = 0; i < nearest.length; i++) {
            System.arraycopy(halfNorms, 0, scores, 0, words);
            for (int k = 0; k < width; k++) {
                float value = rows[i * stride * width + k];
                int at = k * words;
                for (int j = 0; j < words; j++) {
                    scores[j] -= value * columns[at + j];
                }
            }
            int best = 0;
            for (int j = 1; j < words; j++) {
                best = scores[j] < scores[best] ? j : best;
            }
            nearest[i] = best;
        }
    }
}
