package dev.cleave.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cleave.codec.CodecException.Reason;
import dev.cleave.codec.frame.Frame;
import dev.cleave.codec.rans.RangeWriter;
import dev.cleave.codec.tabq.CodedHeader;
import java.io.ByteArrayOutputStream;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** Frames whose headers are coded, put together by hand where no encoder writes them. */
class CodedHeaderTest {
    private static final CodecLevel LEVEL = CodecLevel.of("tabq-08");
    private static final int WIDTH = 48;
    private static final int CODED = 2;
    private static final int IN_FRONT = 4;
    private static final int OTHER = 63;
    private static final int SAME = 31;
    private static final int USUAL = 21;

    /** A header in front: kind, minimum and scale of one bit a code, and plain codes. */
    private static final byte[] PLAIN_HEAD = new byte[5];

    private static final byte[] PLAIN_CODES = new byte[WIDTH / 8];

    private final RangeWriter coder = new RangeWriter();

    private interface Symbols {
        /** Puts them last to first. */
        void put(RangeWriter coder);
    }

    private byte[] frame(int flags, int tokens, byte[] front, int left, Symbols symbols) {
        coder.reserve(tokens * WIDTH + 100);
        coder.begin(left);
        symbols.put(coder);
        byte[] coded = new byte[1000];
        int length = coder.end(coded, 0);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0xCE, 1, (byte) LEVEL.id(), (byte) flags, (byte) tokens, 0, WIDTH - 1, 0});
        out.writeBytes(front);
        out.write(coded, 0, length);
        out.writeBytes(new byte[4]);
        byte[] frame = out.toByteArray();
        Frame.writeChecksum(frame, 0, frame.length, new CRC32());
        return frame;
    }

    private static void zeros(RangeWriter coder, int spread) {
        byte[] codes = new byte[WIDTH];
        Arrays.fill(codes, (byte) 128);
        coder.put(codes, 0, WIDTH, 128, spread);
    }

    /** The usual spread, or that of the header before; no outliers. */
    private static void putHeader(RangeWriter coder) {
        coder.putSymbol(SAME, CodedHeader.OUTLIERS_TABLE);
        coder.putSymbol(SAME, CodedHeader.SPREAD_TABLE);
    }

    private static byte[] front(int stated, int headers) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(stated);
        out.write(0);
        for (int i = 0; i < headers; i++) {
            out.writeBytes(PLAIN_HEAD);
        }
        for (int i = 0; i < headers; i++) {
            out.writeBytes(PLAIN_CODES);
        }
        return out.toByteArray();
    }

    private static float[] decode(byte[] frame, int tokens) {
        float[] values = new float[tokens * WIDTH];
        Arrays.fill(values, Float.NaN);
        LEVEL.decoder(WIDTH).decode(frame, 0, frame.length, FloatBuffer.wrap(values));
        return values;
    }

    private static CodecException refused(byte[] frame) {
        return catchThrowableOfType(CodecException.class, () -> decode(frame, 8));
    }

    private static void assertRefused(byte[] frame, String message) {
        CodecException refused = refused(frame);
        assertThat(refused.reason()).isEqualTo(Reason.FIELD);
        assertThat(refused).hasMessageContaining(message);
        assertThat(refused.offset()).isBetween(0L, (long) frame.length);
    }

    @Test
    void whatIsPutTogetherByHandIsRead() {
        byte[] alone = frame(CODED, 1, new byte[0], 384, coder -> {
            zeros(coder, USUAL);
            putHeader(coder);
        });
        assertThat(decode(alone, 1)).containsOnly(0);
        byte[] mixed = frame(CODED | IN_FRONT, 2, front(1, 1), 0, coder -> {
            zeros(coder, USUAL);
            coder.putShort(384);
            putHeader(coder);
            coder.putSymbol(OTHER, CodedHeader.SPREAD_TABLE);
        });
        assertThat(decode(mixed, 2)).containsOnly(0);
    }

    @Test
    void aSpreadOrScaleThatThereIsNot() {
        assertRefused(
                frame(CODED, 1, new byte[0], 0, coder -> coder.putSymbol(SAME + 11, CodedHeader.SPREAD_TABLE)),
                "spread of a token is 32, not in 0..31");
        assertRefused(
                frame(CODED, 2, new byte[0], 0, coder -> {
                    coder.putShort(512);
                    putHeader(coder);
                }),
                "scale of a token is 512, not in 0..511");
        assertRefused(
                frame(CODED, 2, new byte[0], 0, coder -> {
                    coder.putShort(0xFFFF);
                    putHeader(coder);
                }),
                "scale of a token is -1, not in 0..511");
    }

    @Test
    void aScaleOfAnOnlyTokenThatThereIsNot() {
        assertRefused(
                frame(CODED, 1, new byte[0], 512, coder -> {
                    zeros(coder, USUAL);
                    putHeader(coder);
                }),
                "does not end with its last code");
    }

    @Test
    void outliersThatCannotBe() {
        for (int count : new int[] {-1, 4, 32}) {
            assertRefused(
                    frame(CODED, 1, new byte[0], 0, coder -> {
                        coder.putSymbol(SAME + count, CodedHeader.OUTLIERS_TABLE);
                        coder.putSymbol(SAME, CodedHeader.SPREAD_TABLE);
                    }),
                    "number of outliers of a token is " + count + ", not in 0..3");
        }
        assertRefused(withOutliers(7, 0x4000, 7, 0x4000), "outlier at 7 behind one at 7 of 48 values");
        assertRefused(withOutliers(7, 0x4000, 48, 0x4000), "outlier at 48 behind one at 7 of 48 values");
        assertRefused(withOutliers(7, 0x4000, 8, 0x7F80), "outlier is not finite");
        float[] values = decode(withOutliers(7, 0x4000, 47, 0xC000), 1);
        for (int i = 0; i < WIDTH; i++) {
            assertThat(values[i]).isEqualTo(i == 7 ? 2f : i == 47 ? -2f : 0f);
        }
    }

    private byte[] withOutliers(int first, int firstHalf, int second, int secondHalf) {
        return frame(CODED, 1, new byte[0], 384, coder -> {
            byte[] codes = new byte[WIDTH - 2];
            Arrays.fill(codes, (byte) 128);
            coder.put(codes, 0, codes.length, 128, USUAL);
            coder.putShort(secondHalf);
            coder.putByte(second);
            coder.putShort(firstHalf);
            coder.putByte(first);
            coder.putSymbol(SAME + 2, CodedHeader.OUTLIERS_TABLE);
            coder.putSymbol(SAME, CodedHeader.SPREAD_TABLE);
        });
    }

    @Test
    void headersInFrontThatAreMoreOrFewerThanStated() {
        Symbols others = coder -> {
            coder.putSymbol(OTHER, CodedHeader.SPREAD_TABLE);
            coder.putSymbol(OTHER, CodedHeader.SPREAD_TABLE);
        };
        assertRefused(frame(CODED | IN_FRONT, 2, front(0, 0), 0, others), "0 of 2 headers are in front");
        assertRefused(frame(CODED | IN_FRONT, 2, front(2, 2), 0, others), "2 of 2 headers are in front");
        assertRefused(frame(CODED | IN_FRONT, 2, front(1, 1), 0, others), "more tokens have a header in front");
        Symbols none = coder -> {
            for (int token = 1; token >= 0; token--) {
                zeros(coder, USUAL);
                if (token > 0) {
                    coder.putSymbol(SAME, CodedHeader.SCALE_TABLE);
                } else {
                    coder.putShort(100);
                }
                putHeader(coder);
            }
        };
        assertThat(decode(frame(CODED, 2, new byte[0], 0, none), 2)).containsOnly(0);
        assertRefused(frame(CODED | IN_FRONT, 2, front(1, 1), 0, none), "1 headers in front more than tokens");
    }

    @Test
    void flagsThatContradictEachOther() {
        Symbols nothing = coder -> putHeader(coder);
        CodecException refused = refused(frame(IN_FRONT, 2, front(1, 1), 0, nothing));
        assertThat(refused.reason()).isEqualTo(Reason.FIELD);
        assertThat(refused.offset()).isEqualTo(3);
    }

    @Test
    void noByteForTheCoder() {
        CodecException refused = refused(frame(CODED | IN_FRONT, 2, front(1, 1), 0, coder -> {}));
        assertThat(refused.reason()).isEqualTo(Reason.LENGTH);
        assertThat(refused).hasMessageContaining("no byte is left");
    }

    /** A header in front takes seven bytes. */
    @Test
    void anOnlyTokenTakesLittleMoreThanItsCodes() {
        int tokens = 400;
        long bytes = 0;
        double error = 0;
        Encoder encoder = LEVEL.encoder(64);
        byte[] out = new byte[encoder.maxEncodedSize(1)];
        Random random = new Random(7);
        for (int token = 0; token < tokens; token++) {
            FloatBuffer row = FloatBuffer.allocate(64);
            for (int i = 0; i < 64; i++) {
                row.put(i, (float) random.nextGaussian());
            }
            bytes += encoder.encode(row, 1, out, 0) - Frame.OVERHEAD;
            error += encoder.relativeError() * encoder.relativeError();
        }
        // log2(σ · √(2πe) / step) with step = error · √12: the entropy of a normal variable, quantized that fine.
        double step = Math.sqrt(error / tokens) * Math.sqrt(12);
        double entropy = Math.log(Math.sqrt(2 * Math.PI * Math.E) / step) / Math.log(2);
        // A scale takes 9 bits, a spread 2, the first symbol 1, the last byte 4 on average, the logistic tables 4 on
        // normal values.
        assertThat(8.0 * bytes / tokens).isBetween(64 * entropy, 64 * entropy + 24);
    }
}
