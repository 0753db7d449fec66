package dev.cleave.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.cleave.codec.CodecException.Reason;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What every codec level promises: the same cases for all that exist. */
@ParameterizedClass
@MethodSource("dev.cleave.codec.CodecLevel#all")
class CodecLevelTest {
    private static final int WIDTH = 192;

    @Parameter
    CodecLevel level;

    @Test
    void isFoundByItsName() {
        assertThat(CodecLevel.of(level.name())).isSameAs(level);
        assertThat(level.name()).matches("[a-z0-9-]+");
        assertThat(level.id()).isBetween(1, 255);
        assertThat(CodecLevel.all())
                .filteredOn(other -> other.id() == level.id())
                .hasSize(1);
    }

    @Test
    void writesTheStatedHeader() {
        byte[] frame = Activations.frame(level, Activations.hidden(3, WIDTH, 1), 3);
        assertThat(Arrays.copyOf(frame, 8))
                .containsExactly(
                        0xCE, // magic
                        1, // version
                        level.id(),
                        level instanceof TabqLevel ? 2 : 0, // flags: headers are coded
                        3, // tokens, low byte
                        0,
                        WIDTH - 1, // width - 1, low byte
                        0);
        CRC32 crc = new CRC32();
        crc.update(frame, 0, frame.length - 4);
        int stated = 0;
        for (int i = 1; i <= 4; i++) {
            stated = stated << 8 | frame[frame.length - i] & 0xFF;
        }
        assertThat(stated).isEqualTo((int) crc.getValue());
    }

    @Test
    void statesTheErrorOfWhatItWrote() {
        float[] values = Activations.hidden(5, WIDTH, 2);
        Encoder encoder = level.encoder(WIDTH);
        assertThat(encoder.relativeError()).isZero();
        byte[] out = new byte[encoder.maxEncodedSize(5)];
        int length = encoder.encode(Activations.heap(values), 5, out, 0);
        float[] decoded = Activations.decode(level, Arrays.copyOf(out, length), 5, WIDTH);
        double norm = 0;
        double error = 0;
        for (int i = 0; i < values.length; i++) {
            norm += (double) values[i] * values[i];
            error += Math.pow((double) values[i] - decoded[i], 2);
        }
        assertThat(encoder.relativeError()).isCloseTo(Math.sqrt(error / norm), within(1e-12));
        encoder.encode(Activations.heap(new float[WIDTH]), 1, out, 0);
        assertThat(encoder.relativeError()).isZero();
    }

    @Test
    void heapAndDirectBuffersOfAnyPositionAndLimitGiveTheSameFrameAndKeepBoth() {
        float[] values = Activations.hidden(4, WIDTH, 3);
        byte[] expected = Activations.frame(level, values, 4);
        float[] decoded = Activations.decode(level, expected, 4, WIDTH);
        for (FloatBuffer buffer : new FloatBuffer[] {Activations.heap(values), Activations.direct(values)}) {
            buffer.limit(5).position(2);
            byte[] out = new byte[level.encoder(WIDTH).maxEncodedSize(4)];
            int length = level.encoder(WIDTH).encode(buffer.asReadOnlyBuffer(), 4, out, 0);
            assertThat(Arrays.copyOf(out, length)).isEqualTo(expected);
            level.encoder(WIDTH).encode(buffer, 4, out, 0);
            assertThat(buffer.limit()).isEqualTo(5);
            assertThat(buffer.position()).isEqualTo(2);

            buffer.limit(1).position(1);
            assertThat(level.decoder(WIDTH).decode(expected, 0, expected.length, buffer))
                    .isEqualTo(4);
            assertThat(buffer.limit()).isEqualTo(1);
            assertThat(buffer.position()).isEqualTo(1);
            assertThat(Activations.contents(buffer)).isEqualTo(decoded);
        }
    }

    @Test
    void touchesNothingOutsideItsFrameAndRows() {
        Random random = new Random(4);
        float[] values = Activations.hidden(3, WIDTH, 4);
        Encoder encoder = level.encoder(WIDTH);
        int max = encoder.maxEncodedSize(3);
        byte[] canary = new byte[max + 64];
        random.nextBytes(canary);
        byte[] out = canary.clone();
        int length = encoder.encode(Activations.heap(values), 3, out, 31);
        assertThat(length).isBetween(12, max);
        assertThat(Arrays.copyOf(out, 31)).isEqualTo(Arrays.copyOf(canary, 31));
        assertThat(Arrays.copyOfRange(out, 31 + max, out.length))
                .isEqualTo(Arrays.copyOfRange(canary, 31 + max, canary.length));

        float[] rows = new float[5 * WIDTH];
        Arrays.fill(rows, 4.25f);
        FloatBuffer hidden = FloatBuffer.wrap(rows);
        assertThat(level.decoder(WIDTH).decode(out, 31, length, hidden)).isEqualTo(3);
        assertThat(Arrays.copyOfRange(rows, 3 * WIDTH, rows.length)).containsOnly(4.25f);
    }

    @Test
    void encodesAndDecodesWithoutAllocating() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        FloatBuffer hidden = Activations.direct(Activations.hidden(8, WIDTH, 5));
        FloatBuffer decoded = FloatBuffer.allocate(8 * WIDTH);
        Encoder encoder = level.encoder(WIDTH);
        Decoder decoder = level.decoder(WIDTH);
        byte[] out = new byte[encoder.maxEncodedSize(8)];
        long thread = Thread.currentThread().getId();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 500; i++) {
                decoder.decode(out, 0, encoder.encode(hidden, 1 + i % 8, out, 0), decoded);
            }
            least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
        }
        // Asking takes a few hundred bytes itself; 500 frames at 16 bytes each would be 8,000.
        assertThat(least).isLessThan(1000);
    }

    @Test
    void namesRowAndColumnOfWhatIsNotFinite() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[] values = Activations.hidden(4, WIDTH, 6);
            values[2 * WIDTH + 17] = bad;
            CodecException thrown =
                    catchThrowableOfType(CodecException.class, () -> Activations.frame(level, values, 4));
            assertThat(thrown.reason()).isEqualTo(Reason.NOT_FINITE);
            assertThat(thrown.offset()).isEqualTo(2 * WIDTH + 17);
            assertThat(thrown).hasMessageContaining("row 2").hasMessageContaining("column 17");
        }
    }

    @Test
    void refusesBuffersThatAreTooSmallBeforeWriting() {
        Encoder encoder = level.encoder(WIDTH);
        byte[] small = new byte[encoder.maxEncodedSize(2) - 1];
        FloatBuffer two = Activations.heap(Activations.hidden(2, WIDTH, 7));
        assertThatThrownBy(() -> encoder.encode(two, 2, small, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> encoder.encode(two, 3, new byte[1 << 16], 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(small).containsOnly(0);
        Decoder decoder = level.decoder(WIDTH);
        assertThatThrownBy(() -> decoder.decode(small, 1, small.length, two))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void refusesShapesOutsideItsRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> level.encoder(0));
        assertThatIllegalArgumentException().isThrownBy(() -> level.decoder(65_537));
        assertThatIllegalArgumentException().isThrownBy(() -> level.encoder(1).maxEncodedSize(0));
        assertThatIllegalArgumentException().isThrownBy(() -> level.encoder(1).maxEncodedSize(65_536));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> level.encoder(65_536).maxEncodedSize(65_535))
                .withMessageContaining("encode fewer");
    }

    @Test
    void holdsTheWidestRowAndTheMostTokens() {
        float[] wide = Activations.hidden(1, 65_536, 8);
        assertThat(Activations.decode(level, Activations.frame(level, wide, 1), 1, 65_536))
                .hasSize(65_536);
        float[] tall = Activations.hidden(65_535, 1, 9);
        assertThat(Activations.decode(level, Activations.frame(level, tall, 65_535), 65_535, 1))
                .hasSize(65_535);
    }
}
