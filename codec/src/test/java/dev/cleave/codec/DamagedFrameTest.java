package dev.cleave.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cleave.codec.CodecException.Reason;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What a decoder says to each kind of damage, and where. */
@ParameterizedClass
@MethodSource("dev.cleave.codec.CodecLevel#all")
class DamagedFrameTest {
    private static final int WIDTH = 16;

    @Parameter
    CodecLevel level;

    private byte[] frame() {
        return Activations.frame(level, Activations.hidden(2, WIDTH, 1), 2);
    }

    private CodecException decode(byte[] frame, int room) {
        return catchThrowableOfType(
                CodecException.class,
                () -> level.decoder(WIDTH).decode(frame, 0, frame.length, FloatBuffer.allocate(room)));
    }

    private void assertDamage(byte[] frame, Reason reason, long offset) {
        CodecException thrown = decode(frame, 2 * WIDTH);
        assertThat(thrown.reason()).isEqualTo(reason);
        assertThat(thrown.offset()).isEqualTo(offset);
        assertThat(thrown).hasMessageContaining("offset=" + offset);
    }

    private byte[] with(int at, int value) {
        byte[] frame = frame();
        frame[at] = (byte) value;
        return sealed(frame);
    }

    /** With a checksum that fits, as a peer of ill will would send it. */
    private static byte[] sealed(byte[] frame) {
        CRC32 crc = new CRC32();
        crc.update(frame, 0, frame.length - 4);
        for (int i = 0; i < 4; i++) {
            frame[frame.length - 4 + i] = (byte) (crc.getValue() >>> 8 * i);
        }
        return frame;
    }

    @Test
    void anotherMagicNumberOrVersion() {
        assertDamage(with(0, 0xCD), Reason.VERSION, 0);
        assertDamage(with(1, 2), Reason.VERSION, 1);
    }

    @Test
    void anotherLevel() {
        assertDamage(with(2, 0), Reason.LEVEL, 2);
        assertDamage(with(2, 255), Reason.LEVEL, 2);
    }

    @Test
    void flagsThatVersionOneDoesNotHave() {
        assertDamage(with(3, 0x80), Reason.FIELD, 3);
    }

    @Test
    void noTokensAndMoreThanThereIsRoomFor() {
        assertDamage(with(4, 0), Reason.SHAPE, 4);
        assertDamage(with(4, 3), Reason.SHAPE, 4);
        assertDamage(with(5, 0xFF), Reason.SHAPE, 4);
    }

    @Test
    void anotherWidth() {
        assertDamage(with(6, WIDTH), Reason.SHAPE, 6);
        assertDamage(with(7, 0xFF), Reason.SHAPE, 6);
    }

    @Test
    void fewerTokensThanTheFrameHasBytesFor() {
        byte[] frame = with(4, 1);
        Reason reason = decode(frame, 2 * WIDTH).reason();
        if (level instanceof FixedLevel) {
            assertThat(reason).isEqualTo(Reason.LENGTH);
        } else {
            // What follows the first header is then read as codes.
            assertThat(reason).isIn(Reason.LENGTH, Reason.FIELD);
        }
    }

    @Test
    void aFlippedBitInTheRows() {
        byte[] frame = frame();
        frame[20] ^= 4;
        assertDamage(frame, Reason.CHECKSUM, frame.length - 4);
    }

    @Test
    void everyTruncationAndOneByteTooMany() {
        byte[] frame = frame();
        for (int length = 0; length < frame.length; length++) {
            byte[] cut = Arrays.copyOf(frame, length);
            assertThat(decode(cut, 2 * WIDTH).reason()).as("%d bytes", length).isIn(ofWrongLength());
        }
        assertThat(decode(Arrays.copyOf(frame, frame.length + 1), 2 * WIDTH).reason())
                .isIn(ofWrongLength());
    }

    @Test
    void numbersThatNoEncoderWrites() {
        byte[] frame = frame();
        // Headers in front, where the level has such; of coded ones see CodedHeaderTest.
        frame[3] = 0;
        // 0xFF in every byte is NaN in float32 and bfloat16, and so are int8's minimum and scale.
        Arrays.fill(frame, 8, frame.length - 4, (byte) 0xFF);
        assertDamage(sealed(frame), Reason.FIELD, 8);
    }

    /** A frame whose rows say their own length is as long as it is; only its checksum then stands in the wrong place. */
    private List<Reason> ofWrongLength() {
        return level instanceof FixedLevel ? List.of(Reason.LENGTH) : List.of(Reason.LENGTH, Reason.CHECKSUM);
    }
}
