package dev.cleave.model.quantize;

import java.util.Arrays;

/**
 * The best symmetric quantization of one block, by trying everything: as the scale falls, codes change only where a weight
 * crosses the middle between two of them, so between two crossings there is one set of codes and one least-squares scale.
 */
final class BestScale {
    private BestScale() {}

    /** Returns the least squared error that any scale of either sign gives. */
    static double leastError(float[] weights, int bits) {
        return Math.min(oneSign(weights, bits, 1), oneSign(weights, bits, -1));
    }

    private static double oneSign(float[] weights, int bits, int sign) {
        int zero = 1 << (bits - 1);
        double squares = 0;
        double[] crossings = new double[weights.length * zero];
        int count = 0;
        for (float weight : weights) {
            squares += (double) weight * weight;
            for (int level = 0; level < zero; level++) {
                if (weight != 0) {
                    crossings[count++] = (level + 0.5) / Math.abs(weight);
                }
            }
        }
        Arrays.sort(crossings, 0, count);
        double least = squares;
        for (int i = 0; i < count; i++) {
            double next = i + 1 < count ? crossings[i + 1] : crossings[i] * 2;
            double inverse = sign * (crossings[i] + next) / 2;
            least = Math.min(least, squares - gain(weights, inverse, zero));
        }
        return least;
    }

    private static double gain(float[] weights, double inverse, int zero) {
        double weightCode = 0;
        double codeCode = 0;
        for (float weight : weights) {
            double code = Math.max(-zero, Math.min(zero - 1, Math.rint(weight * inverse)));
            weightCode += weight * code;
            codeCode += code * code;
        }
        return codeCode == 0 ? 0 : weightCode * weightCode / codeCode;
    }
}
