package dev.cleave.model.oracle;

import dev.cleave.model.Architecture;
import dev.cleave.model.Rope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One decoder layer with the keys and values of the tokens so far. With {@code halfKv} what goes into attention and what comes
 * out of it are rounded to float16.
 */
final class OracleLayer {
    private final Architecture a;
    private final boolean halfKv;
    private final float[] inputNorm;
    private final float[] postNorm;
    private final float[] bias;
    private final DenseMatrix qkv;
    private final DenseMatrix attentionOut;
    private final DenseMatrix gateUp;
    private final DenseMatrix down;
    private final List<float[]> keys = new ArrayList<>();
    private final List<float[]> values = new ArrayList<>();

    OracleLayer(Path folder, Architecture a, int index, int bits, boolean halfKv) throws IOException {
        this.a = a;
        this.halfKv = halfKv;
        RawTensors file =
                new RawTensors(folder.resolve(String.format(Locale.ROOT, "layer-%03d.q%d.safetensors", index, bits)));
        inputNorm = file.floats("input_norm");
        postNorm = file.floats("post_norm");
        bias = file.has("qkv.bias") ? file.floats("qkv.bias") : null;
        qkv = DenseMatrix.read(file, "qkv", (a.heads() + 2 * a.kvHeads()) * a.headSize(), a.hidden(), bits);
        attentionOut = DenseMatrix.read(file, "attention_out", a.hidden(), a.heads() * a.headSize(), bits);
        gateUp = DenseMatrix.read(file, "gate_up", 2 * a.feedForward(), a.hidden(), bits);
        down = DenseMatrix.read(file, "down", a.hidden(), a.feedForward(), bits);
    }

    /** Returns the layer's output for the token that follows those so far. */
    float[] next(float[] hidden) {
        float[] projected = qkv.times(normed(hidden, inputNorm, a.normEpsilon()));
        if (bias != null) {
            add(projected, bias);
        }
        float[] residual = attentionOut.times(attention(projected));
        add(residual, hidden);
        float[] both = gateUp.times(normed(residual, postNorm, a.normEpsilon()));
        float[] gated = new float[a.feedForward()];
        for (int i = 0; i < gated.length; i++) {
            gated[i] = (float) (both[i] / (1 + Math.exp(-both[i])) * both[a.feedForward() + i]);
        }
        float[] output = down.times(gated);
        add(output, residual);
        return output;
    }

    private float[] attention(float[] projected) {
        int size = a.headSize();
        int queryWidth = a.heads() * size;
        int keyWidth = a.kvHeads() * size;
        int position = keys.size();
        float[] queries = stored(rotated(projected, 0, a.heads(), position));
        keys.add(stored(rotated(projected, queryWidth, a.kvHeads(), position)));
        values.add(stored(Arrays.copyOfRange(projected, queryWidth + keyWidth, queryWidth + 2 * keyWidth)));
        float[] output = new float[queryWidth];
        for (int head = 0; head < a.heads(); head++) {
            int from = head / (a.heads() / a.kvHeads()) * size;
            double[] weights = softmax(scores(queries, head * size, from));
            for (int i = 0; i < size; i++) {
                double sum = 0;
                for (int token = 0; token <= position; token++) {
                    sum += weights[token] * values.get(token)[from + i];
                }
                output[head * size + i] = (float) sum;
            }
        }
        return stored(output);
    }

    /** Rounds to the nearest float16, of two to the even one: 11 significant bits, and steps of 2^-24 below 2^-14. */
    private float[] stored(float[] values) {
        if (halfKv) {
            for (int i = 0; i < values.length; i++) {
                double step = Math.scalb(1.0, Math.max(Math.getExponent(values[i]), -14) - 10);
                values[i] = (float) (Math.rint(values[i] / step) * step);
            }
        }
        return values;
    }

    private double[] scores(float[] queries, int queryFrom, int keyFrom) {
        double[] scores = new double[keys.size()];
        for (int token = 0; token < scores.length; token++) {
            for (int i = 0; i < a.headSize(); i++) {
                scores[token] += (double) queries[queryFrom + i] * keys.get(token)[keyFrom + i];
            }
            scores[token] /= Math.sqrt(a.headSize());
        }
        return scores;
    }

    private static double[] softmax(double[] scores) {
        double greatest = Arrays.stream(scores).max().orElseThrow();
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.exp(scores[i] - greatest);
            sum += scores[i];
        }
        for (int i = 0; i < scores.length; i++) {
            scores[i] /= sum;
        }
        return scores;
    }

    /** Rotates value i of each head against value i + headSize / 2. */
    private float[] rotated(float[] source, int from, int heads, int position) {
        int half = a.headSize() / 2;
        float[] target = new float[heads * a.headSize()];
        for (int head = 0; head < heads; head++) {
            for (int i = 0; i < half; i++) {
                double angle = position * frequency(i);
                int at = head * a.headSize() + i;
                double x = source[from + at];
                double y = source[from + at + half];
                target[at] = (float) (x * Math.cos(angle) - y * Math.sin(angle));
                target[at + half] = (float) (y * Math.cos(angle) + x * Math.sin(angle));
            }
        }
        return target;
    }

    private double frequency(int pair) {
        double plain = 1 / Math.pow(a.rope().theta(), 2.0 * pair / a.headSize());
        if (!(a.rope() instanceof Rope.Llama3 scaled)) {
            return plain;
        }
        // How often the pair turns within the context that the model was trained on first.
        double turns = scaled.originalContext() * plain / (2 * Math.PI);
        double share =
                (turns - scaled.lowFrequencyFactor()) / (scaled.highFrequencyFactor() - scaled.lowFrequencyFactor());
        double kept = Math.min(1, Math.max(0, share));
        return plain * (kept + (1 - kept) / scaled.factor());
    }

    static float[] normed(float[] vector, float[] weight, float epsilon) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        double factor = 1 / Math.sqrt(squares / vector.length + epsilon);
        float[] result = new float[vector.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) (vector[i] * factor * weight[i]);
        }
        return result;
    }

    private static void add(float[] target, float[] other) {
        for (int i = 0; i < target.length; i++) {
            target[i] += other[i];
        }
    }
}
