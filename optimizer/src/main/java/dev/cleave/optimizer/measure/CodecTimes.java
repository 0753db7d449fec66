package dev.cleave.optimizer.measure;

import dev.cleave.codec.Decoder;
import dev.cleave.codec.Encoder;
import dev.cleave.codec.LinkQuality;
import dev.cleave.optimizer.profile.CodecCost;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** The time of link qualities, on activations as a front segment returned them. */
final class CodecTimes {
    private final Effort effort;
    private final Gate gate;
    private final int[] ids;
    private final int width;
    private final FloatBuffer chunk;
    private final FloatBuffer[] rows;
    private final FloatBuffer decoded;
    private double spread;

    /**
     * Makes one.
     *
     * @param ids of the rows
     * @param hidden [ids, d]
     */
    CodecTimes(Effort effort, Gate gate, int[] ids, float[] hidden) {
        this.effort = effort;
        this.gate = gate;
        this.ids = ids;
        this.width = hidden.length / ids.length;
        this.chunk = direct(hidden, 0, hidden.length);
        this.decoded = direct(hidden, 0, hidden.length);
        this.rows = new FloatBuffer[ids.length];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = direct(hidden, row * width, width);
        }
    }

    private static FloatBuffer direct(float[] values, int from, int count) {
        FloatBuffer buffer = ByteBuffer.allocateDirect(count * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        buffer.put(values, from, count);
        return buffer;
    }

    /** Measures one quality, token by token as in decoding, then a chunk as of a prompt. */
    CodecCost measure(LinkQuality quality) throws InterruptedException {
        Encoder encoder = quality.encoder(width);
        Decoder decoder = quality.decoder(width);
        byte[][] frames = new byte[rows.length][];
        byte[] scratch = new byte[encoder.maxEncodedSize(ids.length)];
        for (int row = 0; row < rows.length; row++) {
            encoder.known(ids[row], row == 0 ? -1 : ids[row - 1]);
            int length = encoder.encode(rows[row], 1, scratch, 0);
            frames[row] = Arrays.copyOf(scratch, length);
        }
        int tokens = rows.length;
        double encode = time(() -> {
            for (int row = 0; row < tokens; row++) {
                encoder.known(ids[row], row == 0 ? -1 : ids[row - 1]);
                encoder.encode(rows[row], 1, scratch, 0);
            }
        });
        double decode = time(() -> {
            for (int row = 0; row < tokens; row++) {
                decoder.known(ids[row], row == 0 ? -1 : ids[row - 1]);
                decoder.decode(frames[row], 0, frames[row].length, decoded);
            }
        });
        double encodePrompt = time(() -> encoder.encode(chunk, tokens, scratch, 0));
        int length = encoder.encode(chunk, tokens, scratch, 0);
        double decodePrompt = time(() -> decoder.decode(scratch, 0, length, decoded));
        return new CodecCost(quality.name(), encode, decode, encodePrompt, decodePrompt);
    }

    /** Returns ms a token of work that takes all rows. */
    private double time(Repeated.Work work) throws InterruptedException {
        Repeated times = Repeated.of(effort, gate, work);
        spread = Math.max(spread, times.spread());
        return LineFit.rounded(times.median() / rows.length);
    }

    /** Returns the greatest spread so far. */
    double spread() {
        return spread;
    }
}
