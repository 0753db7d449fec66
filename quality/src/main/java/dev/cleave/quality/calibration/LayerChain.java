package dev.cleave.quality.calibration;

import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Carries texts through a model layer by layer, all of a text through one layer before the next is opened: of the
 * activations, those at one split are in memory at a time.
 */
final class LayerChain {
    private final SegmentEngine engine;
    private final Bundle bundle;
    private final int bits;
    private final List<int[]> windows;
    private final int[] tableIds;
    private final int width;
    private final float[] text;
    private final float[] table;
    private final float[] begin;

    /** Sees the activations at a split. */
    interface Visitor {
        /**
         * Sees them.
         *
         * @param split layers below, 1..L-1
         * @param text [tokens of all windows, d]
         * @param table [ids, d]: of each id alone, behind the token that begins a text
         */
        void at(int split, float[] text, float[] table);
    }

    /**
     * Makes a chain.
     *
     * @param windows ids, none longer than the model's context
     * @param tableIds ids of which each runs alone
     */
    LayerChain(SegmentEngine engine, Bundle bundle, int bits, List<int[]> windows, int[] tableIds) {
        this.engine = engine;
        this.bundle = bundle;
        this.bits = bits;
        this.windows = windows;
        this.tableIds = tableIds;
        width = bundle.architecture().hidden();
        text = new float[windows.stream().mapToInt(each -> each.length).sum() * width];
        table = new float[tableIds.length * width];
        begin = new float[width];
    }

    /** Runs through the layers below split {@code last}. */
    void run(int last, Visitor visitor) {
        int longest = windows.stream().mapToInt(each -> each.length).max().orElse(2);
        for (int layer = 0; layer < last; layer++) {
            SegmentSpec spec = new SegmentSpec(layer, layer + 1, bits, Mode.FAST);
            try (Sequence segment = engine.begin(bundle, spec, Math.max(2, longest), KvPrecision.FLOAT32)) {
                runTable(segment);
                runText(segment);
            }
            visitor.at(layer + 1, text, table);
        }
    }

    private void runText(Sequence segment) {
        int row = 0;
        for (int[] window : windows) {
            for (int from = 0; from < window.length; from += segment.chunk()) {
                int count = Math.min(segment.chunk(), window.length - from);
                step(segment, window, from, from, text, row + from, count);
            }
            row += window.length;
        }
    }

    private void runTable(Sequence segment) {
        int position = 0;
        if (bundle.bosId().isPresent()) {
            step(segment, new int[] {bundle.bosId().getAsInt()}, 0, 0, begin, 0, 1);
            position = 1;
        }
        for (int i = 0; i < tableIds.length; i++) {
            step(segment, tableIds, i, position, table, i, 1);
        }
    }

    /** Replaces rows by what the layer makes of them; the first layer makes them of ids. */
    private void step(Sequence segment, int[] ids, int from, int position, float[] rows, int row, int count) {
        FloatBuffer output;
        if (segment.segment().spec().takesIds()) {
            output = segment.run(ids, from, count, position, Output.NONE);
        } else {
            FloatBuffer input = segment.hiddenInput();
            input.clear();
            input.put(rows, row * width, count * width);
            input.clear();
            output = segment.run(count, position, Output.NONE);
        }
        output.duplicate().clear().get(rows, row * width, count * width);
    }
}
