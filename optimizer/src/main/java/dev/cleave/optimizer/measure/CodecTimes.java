package dev.cleave.optimizer.measure;

import dev.cleave.codec.CodecLevel;
import dev.cleave.codec.Decoder;
import dev.cleave.codec.Encoder;
import dev.cleave.optimizer.profile.CodecCost;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** The time of codec levels, on activations as a front segment returned them. */
final class CodecTimes {
    private static final int TURNS = 3;

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

    /** Measures every quality, token by token as in decoding and in a chunk as of a prompt, in turns; the first warms up. */
    List<CodecCost> measure(List<CodecLevel> qualities, Consumer<String> done) throws InterruptedException {
        List<Works> works = new ArrayList<>();
        for (CodecLevel quality : qualities) {
            works.add(new Works(quality));
        }
        for (int turn = 0; turn < TURNS; turn++) {
            for (Works each : works) {
                each.run(turn > 0);
                if (turn == TURNS - 1) {
                    done.accept(each.name);
                }
            }
        }
        List<CodecCost> costs = new ArrayList<>();
        works.forEach(each -> costs.add(each.cost()));
        return costs;
    }

    /** What one quality has to do. */
    private final class Works {
        private final String name;
        private final Repeated.Work[] works;
        private final Repeated[] times;

        Works(CodecLevel quality) {
            name = quality.name();
            Encoder encoder = quality.encoder(width);
            Decoder decoder = quality.decoder(width);
            int tokens = rows.length;
            byte[] scratch = new byte[encoder.maxEncodedSize(tokens)];
            byte[][] frames = new byte[tokens][];
            for (int row = 0; row < tokens; row++) {
                encoder.known(ids[row], before(row));
                int length = encoder.encode(rows[row], 1, scratch, 0);
                frames[row] = Arrays.copyOf(scratch, length);
            }
            byte[] frame = Arrays.copyOf(scratch, encoder.encode(chunk, tokens, scratch, 0));
            works = new Repeated.Work[] {
                () -> {
                    for (int row = 0; row < tokens; row++) {
                        encoder.known(ids[row], before(row));
                        encoder.encode(rows[row], 1, scratch, 0);
                    }
                },
                () -> {
                    for (int row = 0; row < tokens; row++) {
                        decoder.known(ids[row], before(row));
                        decoder.decode(frames[row], 0, frames[row].length, decoded);
                    }
                },
                () -> encoder.encode(chunk, tokens, scratch, 0),
                () -> decoder.decode(frame, 0, frame.length, decoded)
            };
            times = new Repeated[works.length];
        }

        void run(boolean counts) throws InterruptedException {
            for (int i = 0; i < works.length; i++) {
                Repeated one = Repeated.of(effort, gate, works[i]);
                if (counts) {
                    times[i] = times[i] == null ? one : times[i].and(one);
                }
            }
        }

        CodecCost cost() {
            return new CodecCost(name, millis(0), millis(1), millis(2), millis(3));
        }

        /** Returns ms a token of work that takes all rows. */
        private double millis(int work) {
            spread = Math.max(spread, times[work].spread());
            return LineFit.rounded(times[work].median() / rows.length);
        }
    }

    private int before(int row) {
        return row == 0 ? -1 : ids[row - 1];
    }

    /** Returns the greatest spread so far. */
    double spread() {
        return spread;
    }
}
