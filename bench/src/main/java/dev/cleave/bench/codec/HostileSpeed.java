package dev.cleave.bench.codec;

import com.sun.management.ThreadMXBean;
import dev.cleave.bench.Machine;
import dev.cleave.codec.CodecException;
import dev.cleave.codec.CodecLevel;
import dev.cleave.codec.Decoder;
import dev.cleave.codec.Encoder;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.zip.CRC32;

/**
 * Writes how long a decoder takes with frames that a peer of ill will has changed, beside those that are right: in nanoseconds a value
 * that there is room for, at several lengths; and what it allocates.
 *
 * <p>Arguments: the file to write.
 */
public final class HostileSpeed {
    private static final List<Rows> SHAPES = List.of(
            new Rows(1, 64),
            new Rows(1, 512),
            new Rows(1, 4096),
            new Rows(8, 4096),
            new Rows(64, 4096),
            new Rows(256, 4096));
    private static final int HEADER = 8;
    private static final int CHECKSUM = 4;
    private static final int CHANGES = 6;
    private static final int FRAMES = 300;
    private static final int TIMES = 3;
    private static final int WARM_UPS = 2000;

    /** So many values are decoded at most in one cell: small frames warm up by numbers, great ones by length. */
    private static final long MOST_VALUES = 100_000_000;

    private final StringBuilder markdown = new StringBuilder();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final CRC32 crc = new CRC32();

    private HostileSpeed() {}

    /** Measures and writes. */
    public static void main(String[] args) throws Exception {
        HostileSpeed speed = new HostileSpeed();
        speed.line("# How long hostile frames take");
        speed.line("");
        speed.line(
                "Frames of each shape (tokens x d), with one to six bytes of their rows changed anywhere and a checksum that fits. Of"
                        + " each frame the\nleast of " + TIMES
                        + " times, in nanoseconds a value that there is room for: as written, then"
                        + " changed, median and longest of the frames. A time\nthat is linear in the length is the same in all rows of a quality,"
                        + " but for what every frame costs. Allocated: the most bytes of\nany frame, its exception included.");
        speed.line("");
        speed.line("| quality | shape | bytes | as written | changed, median | longest | refused | allocated |");
        speed.line("|---|---|---:|---:|---:|---:|---:|---:|");
        for (CodecLevel quality : CodecLevel.all()) {
            for (Rows shape : SHAPES) {
                speed.cell(quality, shape);
            }
        }
        speed.line("");
        speed.line(Machine.line("bench/run codec.HostileSpeed docs/results/codec-hostile.md"));
        Files.writeString(Path.of(args[0]), speed.markdown);
    }

    private void cell(CodecLevel quality, Rows shape) {
        Encoder encoder = quality.encoder(shape.width());
        byte[] frame = new byte[encoder.maxEncodedSize(shape.tokens())];
        frame = Arrays.copyOf(frame, encoder.encode(shape.hidden(), shape.tokens(), frame, 0));
        Decoder decoder = quality.decoder(shape.width());
        FloatBuffer room = shape.room();
        int warmUps = (int) Math.min(WARM_UPS, MOST_VALUES / shape.values());
        for (int i = 0; i < warmUps; i++) {
            decode(decoder, changed(frame, i), room);
        }
        double right = nanos(decoder, frame, room) / shape.values();
        int frames = (int) Math.min(FRAMES, MOST_VALUES / shape.values());
        double[] each = new double[frames];
        int refused = 0;
        long allocated = 0;
        for (int i = 0; i < frames; i++) {
            byte[] changed = changed(frame, warmUps + i);
            each[i] = nanos(decoder, changed, room) / shape.values();
            long before = threads.getCurrentThreadAllocatedBytes();
            refused += decode(decoder, changed, room) ? 0 : 1;
            allocated = Math.max(allocated, threads.getCurrentThreadAllocatedBytes() - before);
        }
        Arrays.sort(each);
        line(String.format(
                Locale.ROOT,
                "| `%s` | %s | %d | %.2f | %.2f | %.2f | %.0f %% | %d |",
                quality.name(),
                shape,
                frame.length,
                right,
                each[frames / 2],
                each[frames - 1],
                100.0 * refused / frames,
                allocated));
    }

    private byte[] changed(byte[] frame, int seed) {
        Random random = new Random(seed);
        byte[] changed = frame.clone();
        for (int i = random.nextInt(CHANGES); i >= 0; i--) {
            changed[HEADER + random.nextInt(frame.length - HEADER - CHECKSUM)] = (byte) random.nextInt();
        }
        crc.reset();
        crc.update(changed, 0, changed.length - CHECKSUM);
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(changed.length - CHECKSUM, (int) crc.getValue());
        return changed;
    }

    private static double nanos(Decoder decoder, byte[] frame, FloatBuffer room) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < TIMES; i++) {
            long begin = System.nanoTime();
            decode(decoder, frame, room);
            least = Math.min(least, System.nanoTime() - begin);
        }
        return least;
    }

    /** Returns whether the frame was taken. */
    private static boolean decode(Decoder decoder, byte[] frame, FloatBuffer room) {
        try {
            decoder.decode(frame, 0, frame.length, room);
            return true;
        } catch (CodecException refused) {
            return false;
        }
    }

    private void line(String text) {
        markdown.append(text).append('\n');
    }
}
