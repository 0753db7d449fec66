package dev.cleave.engine.onnx;

import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.oracle.Oracle;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** A model in one or two segments of one process: what a device and its worker compute, without the link. */
final class SplitModel implements AutoCloseable {
    private final Sequence front;
    private final Sequence back;

    /**
     * Opens the segments.
     *
     * @param split layers in front, 0..L: at both ends there is one segment
     */
    SplitModel(SegmentEngine engine, Bundle bundle, int split, int frontBits, int backBits, Mode mode) {
        this(engine, bundle, split, frontBits, backBits, mode, KvPrecision.FLOAT32);
    }

    /** As the other, with the front's keys and values in a precision. */
    SplitModel(
            SegmentEngine engine,
            Bundle bundle,
            int split,
            int frontBits,
            int backBits,
            Mode mode,
            KvPrecision frontKv) {
        int layers = bundle.architecture().layers();
        int context = bundle.architecture().context();
        front = split == 0 ? null : engine.begin(bundle, new SegmentSpec(0, split, frontBits, mode), context, frontKv);
        back = split == layers
                ? null
                : engine.begin(bundle, new SegmentSpec(split, layers, backBits, mode), context, KvPrecision.FLOAT32);
    }

    /** Runs ids that follow the position, in one step, and returns their logits. */
    float[][] run(int position, int... ids) {
        FloatBuffer result = front == null ? null : front.run(ids, 0, ids.length, position, Output.ALL);
        if (back != null && front != null) {
            back.hiddenInput().put(0, result, 0, result.remaining());
            result = back.run(ids.length, position, Output.ALL);
        } else if (back != null) {
            result = back.run(ids, 0, ids.length, position, Output.ALL);
        }
        float[][] logits = new float[ids.length][result.remaining() / ids.length];
        for (int i = 0; i < ids.length; i++) {
            result.get(logits[i]);
        }
        return logits;
    }

    /** Runs a prompt in steps as long as the front takes them, then greedily generates. */
    int[] generate(int[] prompt, int tokens) {
        int[] generated = new int[tokens];
        int chunk = front == null ? prompt.length : front.chunk();
        float[][] logits = {};
        for (int from = 0; from < prompt.length; from += chunk) {
            logits = run(from, Arrays.copyOfRange(prompt, from, Math.min(prompt.length, from + chunk)));
        }
        generated[0] = Oracle.argmax(logits[logits.length - 1]);
        for (int i = 1; i < tokens; i++) {
            generated[i] = Oracle.argmax(run(prompt.length + i - 1, generated[i - 1])[0]);
        }
        return generated;
    }

    @Override
    public void close() {
        if (front != null) {
            front.close();
        }
        if (back != null) {
            back.close();
        }
    }
}
