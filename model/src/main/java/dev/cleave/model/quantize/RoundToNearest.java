package dev.cleave.model.quantize;

/**
 * Round-to-nearest with a searched clip: of each block, the scale with the least squared error among candidates. A candidate
 * clips at a share of the block's greatest magnitude, with the extra level of the grid -2^(bits-1)..2^(bits-1)-1 on either
 * side; for the codes that it gives, the scale is then the least-squares one, ⟨w, q⟩ / ⟨q, q⟩ (ours). The result is never
 * worse than that of rounding to the greatest magnitude.
 */
public final class RoundToNearest implements Quantizer {
    @Override
    public String name() {
        return "rtn-clip";
    }

    @Override
    public void quantize(RowBlock rows, QuantizedRows out) {
        BlockFormat format = out.format();
        ClipSearch search = new ClipSearch(format);
        int blocks = rows.rows() * format.blocks();
        for (int first = 0; first < blocks; first += ClipSearch.LANES) {
            int lanes = Math.min(ClipSearch.LANES, blocks - first);
            for (int lane = 0; lane < lanes; lane++) {
                int from = offset(format, first + lane);
                search.load(lane, rows.values(), from, count(format, first + lane));
            }
            search.run();
            for (int lane = 0; lane < lanes; lane++) {
                int from = offset(format, first + lane);
                search.store(lane, rows.values(), from, count(format, first + lane), out, first + lane);
            }
            search.clear();
        }
    }

    private static int offset(BlockFormat format, int block) {
        return block / format.blocks() * format.columns() + block % format.blocks() * format.block();
    }

    private static int count(BlockFormat format, int block) {
        return Math.min(format.block(), format.columns() - block % format.blocks() * format.block());
    }
}
