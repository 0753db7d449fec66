package dev.cleave.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.codec.tuned.Calibration;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class SessionDecoderTest {
    private static final int WIDTH = 24;
    private final Calibration calibration = Calibrations.of(WIDTH, WIDTH, 2);

    @Test
    void takesEachFrameForWhatItIs() {
        SessionDecoder decoder = new SessionDecoder(WIDTH, calibration);
        float[] values = Activations.hidden(2, WIDTH, 4);
        for (int round = 0; round < 2; round++) {
            for (CodecLevel named : CodecLevel.named()) {
                CodecLevel level = named.calibrated(calibration);
                byte[] frame = Activations.frame(level, values, 2);
                float[] decoded = new float[2 * WIDTH];
                assertThat(decoder.decode(frame, 0, frame.length, FloatBuffer.wrap(decoded)))
                        .isEqualTo(2);
                assertThat(decoded).isEqualTo(Activations.decode(level, frame, 2, WIDTH));
                assertThat(frame.length).isLessThanOrEqualTo(decoder.maxEncodedSize(2));
            }
        }
    }

    @Test
    void passesOnWhichTokenIsKnown() {
        CodecLevel level = CodecLevel.of("tuned-25").calibrated(calibration);
        Encoder encoder = level.encoder(WIDTH);
        byte[] out = new byte[encoder.maxEncodedSize(1)];
        encoder.known(3, 4);
        int length = encoder.encode(FloatBuffer.wrap(Activations.hidden(1, WIDTH, 1)), 1, out, 0);
        SessionDecoder decoder = new SessionDecoder(WIDTH, calibration);
        float[] first = new float[WIDTH];
        float[] second = new float[WIDTH];
        decoder.known(3, 4);
        decoder.decode(out, 0, length, FloatBuffer.wrap(first));
        decoder.known(3, 5);
        decoder.decode(out, 0, length, FloatBuffer.wrap(second));
        assertThat(second).isNotEqualTo(first);
        assertThatThrownBy(() -> decoder.decode(out, 0, length, FloatBuffer.wrap(second)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("not known here");
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        SessionDecoder plain = new SessionDecoder(WIDTH, null);
        byte[] tuned = Activations.frame(
                CodecLevel.of("tuned-25").calibrated(calibration), Activations.hidden(1, WIDTH, 1), 1);
        assertThatThrownBy(() -> plain.decode(tuned, 0, tuned.length, FloatBuffer.allocate(WIDTH)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("needs a calibration");
        tuned[2] = (byte) 200;
        assertThatThrownBy(() -> plain.decode(tuned, 0, tuned.length, FloatBuffer.allocate(WIDTH)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("codec level 200");
        assertThatThrownBy(() -> plain.decode(tuned, 0, 0, FloatBuffer.allocate(WIDTH)))
                .isInstanceOf(CodecException.class);
    }
}
