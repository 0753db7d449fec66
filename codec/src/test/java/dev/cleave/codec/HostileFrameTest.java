package dev.cleave.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.cleave.codec.CodecException.Reason;
import dev.cleave.codec.frame.Frame;
import dev.cleave.codec.rans.LittleEndian;
import dev.cleave.codec.rans.SpreadTables;
import dev.cleave.codec.tabq.TabEncoder;
import dev.cleave.codec.tabq.TabHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Frames as a peer of ill will makes them, with a checksum that fits. Each is decoded to finite values, or refused with a reason
 * and an offset. {@code cleave.hostile.mutated} and {@code cleave.hostile.random} say how many, of all levels together.
 */
@ParameterizedClass
@MethodSource("dev.cleave.codec.CodecLevel#all")
class HostileFrameTest {
    private static final int TOKENS = 2;
    private static final int MORE = 5;
    private static final float CANARY = 12345.678f;
    /** Frames of the last one take two range coders. */
    private static final int[] WIDTHS = {5, 40, 64, 192, 300, 2500};

    private static final int FINITE = 0x7F80;
    private static final int MOST_FLAGS = TabEncoder.PAIR | TabEncoder.CODED_HEADERS | TabEncoder.SOME_IN_FRONT;

    @Parameter
    CodecLevel level;

    private final CRC32 crc = new CRC32();
    private final Map<Reason, Integer> refused = new EnumMap<>(Reason.class);
    private int decoded;

    private int share(String property) {
        return Integer.getInteger(property, 10_000) / CodecLevel.all().size();
    }

    @Test
    void aMutatedFrameIsReadOrRefused() {
        List<List<byte[]>> frames = new ArrayList<>();
        for (int width : WIDTHS) {
            frames.add(framesOf(width));
        }
        int count = share("cleave.hostile.mutated");
        for (int seed = 0; seed < count; seed++) {
            Random random = new Random(seed * 256L + level.id());
            int which = random.nextInt(WIDTHS.length);
            List<byte[]> of = frames.get(which);
            byte[] frame = mutated(of.get(random.nextInt(of.size())).clone(), random);
            decode(frame, WIDTHS[which], seed);
        }
        assertThat(decoded).as("frames decoded, refused for %s", refused).isPositive();
        assertThat(refused).containsKeys(Reason.LENGTH, Reason.SHAPE, Reason.FIELD);
    }

    @Test
    void aFrameOfRandomRowsIsReadOrRefused() {
        int count = share("cleave.hostile.random");
        for (int seed = 0; seed < count; seed++) {
            Random random = new Random(seed * 256L + level.id());
            int width = WIDTHS[random.nextInt(WIDTHS.length)];
            byte[] rows = rows(width, random);
            byte[] frame = new byte[Frame.OVERHEAD + rows.length];
            System.arraycopy(rows, 0, frame, Frame.HEADER, rows.length);
            int flags = level instanceof TabqLevel && random.nextInt(4) == 0 ? random.nextInt(MOST_FLAGS + 1) : 0;
            if (flags == TabEncoder.PAIR && rows.length > 32) {
                // Behind the headers of two tokens without outliers, which many have.
                LittleEndian.putInt(frame, Frame.HEADER + 14, random.nextInt(rows.length));
            }
            Frame.writeHeader(frame, 0, level.id(), flags, TOKENS, width);
            decode(frame, width, seed);
        }
        assertThat(decoded).as("frames decoded, refused for %s", refused).isPositive();
        assertThat(refused).containsKeys(Reason.LENGTH, Reason.FIELD);
    }

    /** Random bytes; in most cases as many as there should be, and for tabq behind headers that may be so. */
    private byte[] rows(int width, Random random) {
        ByteBuffer headers =
                ByteBuffer.allocate(TOKENS * TabHeader.maxBytes(width) + 4).order(ByteOrder.LITTLE_ENDIAN);
        int bytes = 0;
        for (int token = 0; token < TOKENS; token++) {
            bytes += level instanceof FixedLevel fixed
                    ? fixed.format().rowBytes(width)
                    : putHeader(headers, width, random);
        }
        if (random.nextInt(4) == 0) {
            bytes = random.nextInt(bytes + 8);
        }
        byte[] rows = new byte[headers.position() + bytes];
        random.nextBytes(rows);
        System.arraycopy(headers.array(), 0, rows, 0, headers.position());
        return rows;
    }

    /** Returns bytes of the token's codes; a guess where they are range-coded. */
    private static int putHeader(ByteBuffer headers, int width, Random random) {
        if (random.nextInt(8) == 0) {
            boolean half = random.nextBoolean();
            headers.put((byte) (half ? TabHeader.AS_BF16 : TabHeader.AS_FLOAT32));
            return (half ? 2 : 4) * width;
        }
        int kind = random.nextInt(TabHeader.AS_BF16);
        int outliers = (kind & TabHeader.OUTLIERS) == 0 ? 0 : 1;
        headers.put((byte) kind);
        if (outliers > 0) {
            headers.put((byte) 0);
            int index = random.nextInt(width);
            if (TabHeader.indexBytes(width) == 1) {
                headers.put((byte) index);
            } else {
                headers.putShort((short) index);
            }
            headers.putShort((short) random.nextInt(FINITE));
        }
        headers.putShort((short) random.nextInt(FINITE));
        headers.putShort((short) random.nextInt(FINITE));
        if ((kind & TabHeader.RANGE_CODED) == 0) {
            return TabHeader.packedBytes(width - outliers, (kind & TabHeader.BITS) + 1);
        }
        headers.put((byte) random.nextInt(256)).put((byte) random.nextInt(SpreadTables.SPREADS));
        return random.nextInt(width);
    }

    private List<byte[]> framesOf(int width) {
        List<byte[]> frames = new ArrayList<>();
        for (TabqLevelTest.Shape shape : TabqLevelTest.Shape.values()) {
            for (int seed = 0; seed < 4; seed++) {
                int tokens = seed % 2 == 0 ? TOKENS : 1;
                frames.add(Activations.frame(level, TabqLevelTest.values(shape, tokens, width, seed), tokens));
            }
        }
        return frames;
    }

    private static byte[] mutated(byte[] frame, Random random) {
        // In one of eight the header is hit too; elsewhere it would keep the rows from being looked at.
        int from = random.nextInt(8) == 0 ? 0 : Frame.HEADER;
        int span = frame.length - from - Frame.CHECKSUM;
        for (int i = random.nextInt(6); i >= 0; i--) {
            int at = from + random.nextInt(span);
            switch (random.nextInt(4)) {
                case 0 -> frame[at] = (byte) random.nextInt();
                case 1 -> frame[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> frame[at]++;
                default -> {
                    int length = Math.min(random.nextInt(9), Math.min(span, frame.length - Frame.CHECKSUM - at));
                    System.arraycopy(frame, from + random.nextInt(span - length + 1), frame, at, length);
                }
            }
        }
        // Cut off or with bytes too many, mostly by a few.
        switch (random.nextInt(4)) {
            case 0:
                return Arrays.copyOf(frame, Math.max(Frame.OVERHEAD, frame.length + random.nextInt(9) - 4));
            case 1:
                return Arrays.copyOf(frame, Frame.OVERHEAD + random.nextInt(2 * frame.length));
            default:
                return frame;
        }
    }

    private void decode(byte[] frame, int width, int seed) {
        Frame.writeChecksum(frame, 0, frame.length, crc);
        float[] values = new float[TOKENS * width + MORE];
        Arrays.fill(values, CANARY);
        // Room for no more than the rows; the array behind it says whether a decoder stays within.
        FloatBuffer hidden = FloatBuffer.wrap(values, 0, TOKENS * width).slice();
        try {
            int tokens = level.decoder(width).decode(frame, 0, frame.length, hidden);
            decoded++;
            assertRead(frame, Arrays.copyOf(values, tokens * width), seed);
        } catch (CodecException e) {
            refused.merge(e.reason(), 1, Integer::sum);
            if (e.offset() < 0 || e.offset() > frame.length || !e.getMessage().endsWith("offset=" + e.offset())) {
                fail("seed %d: offset %d of %d bytes: %s", seed, e.offset(), frame.length, e.getMessage());
            }
        } catch (RuntimeException e) {
            fail("seed " + seed + ", width " + width, e);
        }
        for (int i = TOKENS * width; i < values.length; i++) {
            if (values[i] != CANARY) {
                fail("seed %d: value %d behind the rows was written", seed, i);
            }
        }
    }

    /** What is read is finite, and what the document says. */
    private void assertRead(byte[] frame, float[] values, int seed) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                fail("seed %d: read %s", seed, value);
            }
        }
        if (level instanceof TabqLevel) {
            float[] expected = new ReferenceDecoder(frame).decode();
            if (!Arrays.equals(values, expected)) {
                fail(
                        "seed %d: read %s where the document says %s",
                        seed, Arrays.toString(values), Arrays.toString(expected));
            }
        }
    }
}
