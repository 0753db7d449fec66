package dev.cleave.quality.evaluation;

import dev.cleave.codec.LinkQuality;
import dev.cleave.generation.Cut;
import dev.cleave.generation.TunedLinks;
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

/** A front segment, and a lane for each coding: the first is always the lossless one, which the others are held to. */
public final class SplitModel implements AutoCloseable {
    private final Bundle bundle;
    private final Sequence front;
    private final List<Lane> lanes = new ArrayList<>();

    /**
     * Opens the segments.
     *
     * @param cut a split of 1..L-1 and the widths; its link is not looked at
     * @param links qualities besides the lossless one
     */
    public SplitModel(SegmentEngine engine, Bundle bundle, Cut cut, List<LinkQuality> links) {
        this(engine, bundle, cut, links, List.of());
    }

    /** As {@link #SplitModel(SegmentEngine, Bundle, Cut, List)}, with codings behind the link qualities that are none. */
    public SplitModel(SegmentEngine engine, Bundle bundle, Cut cut, List<LinkQuality> links, List<Coding> others) {
        this.bundle = bundle;
        int layers = bundle.architecture().layers();
        int context = bundle.architecture().context();
        int width = bundle.architecture().hidden();
        front = engine.begin(bundle, new SegmentSpec(0, cut.split(), cut.frontBits(), cut.mode()), context, cut.kv());
        try {
            UnaryOperator<LinkQuality> tuned = TunedLinks.at(bundle, cut.split());
            List<Coding> codings = new ArrayList<>();
            for (LinkQuality link : losslessFirst(links)) {
                codings.add(Coding.of(tuned.apply(link), width));
            }
            codings.addAll(others);
            SegmentSpec back = new SegmentSpec(cut.split(), layers, cut.backBits(), cut.mode());
            for (Coding coding : codings) {
                lanes.add(new Lane(coding, engine.begin(bundle, back, context, KvPrecision.FLOAT32), width));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Returns the lossless quality, then the others: they are held to it. */
    public static List<LinkQuality> losslessFirst(List<LinkQuality> links) {
        List<LinkQuality> all = new ArrayList<>(links);
        all.removeIf(link -> link.name().equals("lossless"));
        all.add(0, LinkQuality.of("lossless"));
        return all;
    }

    Bundle bundle() {
        return bundle;
    }

    int chunk() {
        return front.chunk();
    }

    List<Lane> lanes() {
        return lanes;
    }

    /** Runs the front segment; the rows hold until the next run. */
    FloatBuffer hidden(int[] ids, int from, int tokens, int position) {
        return front.run(ids, from, tokens, position, Output.NONE);
    }

    @Override
    public void close() {
        lanes.forEach(Lane::close);
        front.close();
    }
}
