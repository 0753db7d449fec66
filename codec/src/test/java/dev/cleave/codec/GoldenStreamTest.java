package dev.cleave.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cleave.codec.frame.Frame;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What version 1 of the frame means, written down byte by byte: an older stream of the same version still decodes, to the bit. The
 * values in the files were computed from docs/wire.md, without this decoder.
 */
class GoldenStreamTest {
    private static final float CANARY = 12345.678f;
    private static final int MORE = 7;

    /**
     * Where the range coder begins of streams that allow every code: behind the header, of coded
     * headers a count and one of 7.
     */
    private static final Map<String, Integer> ALLOWING =
            Map.of("tabq-coded-headers.txt", 8 + 2 + 7, "tabq-alone.txt", 8, "tabq-coded-outlier.txt", 8);

    @Test
    void thereIsAStreamOfEveryKind() {
        assertThat(GoldenStream.all().map(GoldenStream::toString))
                .containsExactly(
                        "bf16.txt",
                        "int8.txt",
                        "lossless.txt",
                        "tabq-alone.txt",
                        "tabq-coded-headers.txt",
                        "tabq-coded-outlier.txt",
                        "tabq-escape-bf16.txt",
                        "tabq-escape-float32.txt",
                        "tabq-mixed.txt",
                        "tabq-other.txt",
                        "tabq-pair.txt",
                        "tabq-plain-outlier.txt",
                        "tabq-plain.txt",
                        "tabq-range-coded.txt",
                        "tabq-wide.txt");
    }

    @ParameterizedTest
    @MethodSource("dev.cleave.codec.GoldenStream#all")
    void itDecodesToTheBit(GoldenStream stream) {
        FloatBuffer hidden = canaries(stream);
        byte[] frame = stream.frame();
        int tokens = stream.level().decoder(stream.width()).decode(frame, 0, frame.length, hidden);
        assertThat(tokens).isEqualTo(stream.tokens());
        assertThat(stream.values()).hasSize(tokens * stream.width());
        assertThat(bits(hidden.array(), 0, tokens * stream.width())).isEqualTo(bits(stream.values()));
        assertUntouchedBehindTheRows(stream, hidden);
    }

    @ParameterizedTest
    @MethodSource("dev.cleave.codec.GoldenStream#encoded")
    void theEncoderStillWritesIt(GoldenStream stream) {
        assertThat(Activations.frame(stream.level(), stream.input(), stream.tokens()))
                .isEqualTo(stream.frame());
    }

    @ParameterizedTest
    @MethodSource("dev.cleave.codec.GoldenStream#all")
    void aFrameCutOffAnywhereIsRefused(GoldenStream stream) {
        byte[] frame = stream.frame();
        for (int length = 0; length < frame.length; length++) {
            assertRefused(stream, Arrays.copyOf(frame, length), "the first " + length + " bytes");
        }
    }

    /**
     * With a checksum that fits behind the cut, so that the rows themselves are looked at. A range-coded stream has no mark at its
     * end, and what is left of one may be another that is whole; the streams here are such that this is nowhere so, but for coded
     * headers: they allow every code, so that a stream of a few bytes has a meaning.
     */
    @ParameterizedTest
    @MethodSource("dev.cleave.codec.GoldenStream#all")
    void rowsCutOffAnywhereAreRefused(GoldenStream stream) {
        byte[] frame = stream.frame();
        for (int length = 0; length < frame.length - Frame.CHECKSUM; length++) {
            byte[] cut = Arrays.copyOf(frame, length + Frame.CHECKSUM);
            Frame.writeChecksum(cut, 0, cut.length, new CRC32());
            Integer headersEnd = ALLOWING.get(stream.toString());
            if (headersEnd == null) {
                assertRefused(stream, cut, length + " bytes and a checksum");
            } else if (decodes(stream, cut)) {
                assertThat(length)
                        .as("where the stream is cut that has a meaning")
                        .isGreaterThan(headersEnd);
            }
        }
    }

    private static boolean decodes(GoldenStream stream, byte[] frame) {
        FloatBuffer hidden = canaries(stream);
        try {
            stream.level().decoder(stream.width()).decode(frame, 0, frame.length, hidden);
            return true;
        } catch (CodecException refused) {
            return false;
        } finally {
            assertUntouchedBehindTheRows(stream, hidden);
        }
    }

    private static void assertRefused(GoldenStream stream, byte[] frame, String what) {
        FloatBuffer hidden = canaries(stream);
        Throwable thrown =
                catchThrowable(() -> stream.level().decoder(stream.width()).decode(frame, 0, frame.length, hidden));
        assertThat(thrown).as(what).isInstanceOf(CodecException.class);
        CodecException refused = (CodecException) thrown;
        assertThat(refused.reason()).as(what).isNotNull();
        assertThat(refused.offset()).as(what).isBetween(0L, (long) frame.length);
        assertUntouchedBehindTheRows(stream, hidden);
    }

    /** Room for more than the rows, by which a decoder that writes too far is caught. */
    private static FloatBuffer canaries(GoldenStream stream) {
        float[] values = new float[stream.tokens() * stream.width() + MORE];
        Arrays.fill(values, CANARY);
        return FloatBuffer.wrap(values).position(3).limit(5);
    }

    private static void assertUntouchedBehindTheRows(GoldenStream stream, FloatBuffer hidden) {
        float[] values = hidden.array();
        for (int i = stream.tokens() * stream.width(); i < values.length; i++) {
            assertThat(values[i]).isEqualTo(CANARY);
        }
        assertThat(hidden.position()).isEqualTo(3);
        assertThat(hidden.limit()).isEqualTo(5);
    }

    private static int[] bits(float[] values, int from, int to) {
        return bits(Arrays.copyOfRange(values, from, to));
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }
}
