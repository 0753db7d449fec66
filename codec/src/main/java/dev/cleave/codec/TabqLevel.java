package dev.cleave.codec;

import dev.cleave.codec.frame.Frame;
import dev.cleave.codec.frame.LevelId;
import dev.cleave.codec.tabq.TabBounds;
import dev.cleave.codec.tabq.TabDecoder;
import dev.cleave.codec.tabq.TabEncoder;

/**
 * TS and TAB-Q: outliers apart, the rest in as few bits as an error bound allows, token by token; then an entropy stage. The
 * names are the paper's (arXiv 2511.04002), the definitions ours:
 *
 * <ul>
 *   <li>TS: values with |x| ≥ τ, τ = {@code outlier} · rms(x), leave the vector and travel as index and bfloat16. At least 4
 *       times the rms, so that by Chebyshev's inequality at most d/16 of them go.
 *   <li>TAB-Q: the rest is quantized, asymmetric and uniform, x̂ = m + q·s with q in 0..2^b − 1, with the fewest bits b in
 *       1..8 that keep ‖x − x̂‖ ≤ Δ·‖x‖, outliers included. Where 8 do not, the token escapes to bfloat16, then to float32.
 *   <li>Entropy stage: within b bits, s grows as far as the bound allows, and the codes are range-coded where that is smaller.
 * </ul>
 *
 * @param name as users write it
 * @param id stands in the frame
 * @param bounds that its encoder keeps to
 */
record TabqLevel(String name, int id, TabBounds bounds) implements CodecLevel {
    private static final double OUTLIER = 5;

    /** Relative error of at most 2 %. */
    static final TabqLevel TABQ_02 = of("tabq-02", 16, 0.02);
    /** Relative error of at most 4 %. */
    static final TabqLevel TABQ_04 = of("tabq-04", 17, 0.04);
    /** Relative error of at most 6 %. */
    static final TabqLevel TABQ_06 = of("tabq-06", 18, 0.06);
    /** Relative error of at most 8 %. */
    static final TabqLevel TABQ_08 = of("tabq-08", 19, 0.08);
    /** Relative error of at most 10 %. */
    static final TabqLevel TABQ_10 = of("tabq-10", 23, 0.10);
    /** Relative error of at most 12 %. */
    static final TabqLevel TABQ_12 = of("tabq-12", 20, 0.12);
    /** Relative error of at most 16 %. */
    static final TabqLevel TABQ_16 = of("tabq-16", 21, 0.16);
    /** Relative error of at most 24 %. */
    static final TabqLevel TABQ_24 = of("tabq-24", 22, 0.24);

    private static TabqLevel of(String name, int id, double delta) {
        return new TabqLevel(name, id, new TabBounds(OUTLIER, delta, true));
    }

    @Override
    public Encoder encoder(int width) {
        return new TabEncoder(new LevelId(id, name), bounds, Frame.checkWidth(width));
    }

    @Override
    public Decoder decoder(int width) {
        return new TabDecoder(new LevelId(id, name), bounds, Frame.checkWidth(width));
    }

    @Override
    public String toString() {
        return name;
    }
}
