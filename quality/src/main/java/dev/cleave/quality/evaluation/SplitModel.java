package dev.cleave.quality.evaluation;

import dev.cleave.codec.CodecLevel;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.link.TunedLinks;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A front segment, and a branch for each coding: the first is always the lossless one, which the others are held to. */
public final class SplitModel implements AutoCloseable {
    private final Bundle bundle;
    private final Sequence front;
    private final List<Branch> branches = new ArrayList<>();

    /**
     * Opens the segments.
     *
     * @param config a split of 1..L-1 and the widths; its link is not looked at
     * @param links qualities besides the lossless one
     */
    public SplitModel(SegmentEngine engine, Bundle bundle, SplitConfig config, List<CodecLevel> links) {
        this(engine, bundle, config, links, List.of());
    }

    /** As {@link #SplitModel(SegmentEngine, Bundle, SplitConfig, List)}, with codings behind the codec levels that are none. */
    public SplitModel(
            SegmentEngine engine, Bundle bundle, SplitConfig config, List<CodecLevel> links, List<Coding> others) {
        this.bundle = bundle;
        int layers = bundle.architecture().layers();
        int context = bundle.architecture().context();
        int width = bundle.architecture().hidden();
        front = engine.begin(
                bundle, new SegmentSpec(0, config.split(), config.frontBits(), config.mode()), context, config.kv());
        try {
            UnaryOperator<CodecLevel> tuned = TunedLinks.at(bundle, config.split());
            List<Coding> codings = new ArrayList<>();
            for (CodecLevel link : losslessFirst(links)) {
                codings.add(Coding.of(tuned.apply(link), width));
            }
            codings.addAll(others);
            SegmentSpec back = new SegmentSpec(config.split(), layers, config.backBits(), config.mode());
            for (Coding coding : codings) {
                branches.add(new Branch(coding, engine.begin(bundle, back, context, KvPrecision.FLOAT32), width));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Returns the lossless quality, then the others: they are held to it. */
    public static List<CodecLevel> losslessFirst(List<CodecLevel> links) {
        List<CodecLevel> all = new ArrayList<>(links);
        all.removeIf(link -> link.name().equals("lossless"));
        all.add(0, CodecLevel.of("lossless"));
        return all;
    }

    Bundle bundle() {
        return bundle;
    }

    int chunk() {
        return front.chunk();
    }

    List<Branch> branches() {
        return branches;
    }

    /** Runs the front segment; the rows hold until the next run. */
    FloatBuffer hidden(int[] ids, int from, int tokens, int position) {
        return front.run(ids, from, tokens, position, Output.NONE);
    }

    @Override
    public void close() {
        branches.forEach(Branch::close);
        front.close();
    }
}
