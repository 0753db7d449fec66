package dev.cleave.optimizer.measure;

import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentMemory;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.BundleFile;
import java.util.HashMap;
import java.util.Map;

/**
 * A footprint that any engine tells: by opening segments of one layer and asking each for its memory. Layers whose files have
 * the same size at one width hold matrices of the same shapes, so one of them is opened for all.
 */
public final class OpenedFootprint implements Footprint {
    private final SegmentEngine engine;
    private final Map<String, Long> layers = new HashMap<>();

    /** Makes one. The engine stays the caller's. */
    public OpenedFootprint(SegmentEngine engine) {
        this.engine = engine;
    }

    @Override
    public long layer(Bundle bundle, int layer, int bits, Mode mode) {
        long size = bundle.file("layer", bits, layer).bytes();
        String key = bundle.modelHash() + '/' + bits + '/' + mode + '/' + size;
        Long known = layers.get(key);
        if (known == null) {
            known = opened(bundle, alike(bundle, layer, bits, size), bits, mode);
            layers.put(key, known);
        }
        return known;
    }

    /** Returns a layer like this one, not the first or the last where there is one: those bring embedding and head. */
    private static int alike(Bundle bundle, int layer, int bits, long size) {
        for (int other = 1; other < bundle.architecture().layers() - 1; other++) {
            if (bundle.file("layer", bits, other).bytes() == size) {
                return other;
            }
        }
        return layer;
    }

    private long opened(Bundle bundle, int layer, int bits, Mode mode) {
        long weights = memory(bundle, layer, bits, mode, 2).weights();
        if (layer == 0) {
            weights -= embedding(bundle, bits);
        }
        if (layer == bundle.architecture().layers() - 1) {
            // Nothing tells the two apart but their files.
            weights -= headFile(bundle, bits).bytes();
        }
        return Math.max(1, weights);
    }

    @Override
    public long head(Bundle bundle, int bits, Mode mode) {
        int last = bundle.architecture().layers() - 1;
        long rest = layer(bundle, last, bits, mode) + (last == 0 ? embedding(bundle, bits) : 0);
        return Math.max(0, memory(bundle, last, bits, mode, 2).weights() - rest);
    }

    /** Rows are read from the file where a token needs them. */
    @Override
    public long embedding(Bundle bundle, int bits) {
        return 0;
    }

    @Override
    public long workspace(Bundle bundle, int bits, Mode mode, int chunk) {
        int length = Math.min(chunk, bundle.architecture().context());
        long whole = memory(bundle, 0, bits, mode, length).workspace();
        return Math.max(0, whole - rotaryPerPosition(bundle) * rotaryPositions(bundle, length));
    }

    /** The table is made for a power of two of positions, as {@code ComputeProfile.FixedMemory.rotary} has it. */
    private static long rotaryPositions(Bundle bundle, int length) {
        int rounded = Integer.highestOneBit(Math.max(1, length - 1)) * 2;
        return Math.min(rounded, bundle.architecture().context());
    }

    /** Cosines and sines of half the head each, in float32. */
    @Override
    public long rotaryPerPosition(Bundle bundle) {
        return 2L * Float.BYTES * (bundle.architecture().headSize() / 2);
    }

    private SegmentMemory memory(Bundle bundle, int layer, int bits, Mode mode, int length) {
        int sequence = Math.min(length, bundle.architecture().context());
        try (Sequence segment =
                engine.begin(bundle, new SegmentSpec(layer, layer + 1, bits, mode), sequence, KvPrecision.FLOAT32)) {
            return segment.wholeFootprint();
        }
    }

    private static BundleFile headFile(Bundle bundle, int bits) {
        return bundle.file(bundle.architecture().tied() ? "embedding" : "head", bits, -1);
    }
}
