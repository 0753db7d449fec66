package dev.cleave.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.cleave.model.property.Cases;
import java.math.BigDecimal;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CodecLevelPropertyTest {
    private static final int CASES = 1000;

    private static CodecLevel level(Draws draws) {
        return draws.of(CodecLevel.all());
    }

    private static float[] row(Draws draws) {
        return draws.row(draws.between(1, 40));
    }

    private static void check(Consumer<Draws> property) {
        Cases.check(CASES, seed -> property.accept(new Draws(seed)));
    }

    @Test
    void losslessKeepsEveryBit() {
        check(draws -> {
            float[] values = row(draws);
            float[] decoded = roundTrip(CodecLevel.of("lossless"), values);
            for (int i = 0; i < values.length; i++) {
                assertThat(Float.floatToRawIntBits(decoded[i])).isEqualTo(Float.floatToRawIntBits(values[i]));
            }
        });
    }

    @Test
    void bf16IsTheNearestOfItsNumbers() {
        check(draws -> {
            float[] values = row(draws);
            float[] decoded = roundTrip(CodecLevel.of("bf16"), values);
            for (int i = 0; i < values.length; i++) {
                assertThat(Float.floatToRawIntBits(decoded[i]))
                        .isEqualTo(Float.floatToRawIntBits(nearestBf16(values[i])));
            }
        });
    }

    @Test
    void int8IsWithinHalfAStep() {
        check(draws -> {
            float[] values = row(draws);
            byte[] frame = Activations.frame(CodecLevel.of("int8"), values, 1);
            float[] decoded = Activations.decode(CodecLevel.of("int8"), frame, 1, values.length);
            double step = Float.intBitsToFloat(
                    (frame[12] & 0xFF) | (frame[13] & 0xFF) << 8 | (frame[14] & 0xFF) << 16 | frame[15] << 24);
            double minimum = Double.POSITIVE_INFINITY;
            double maximum = Double.NEGATIVE_INFINITY;
            for (float value : values) {
                minimum = Math.min(minimum, value);
                maximum = Math.max(maximum, value);
            }
            assertThat(step).isLessThanOrEqualTo((maximum - minimum) / 255 * (1 + 1e-6) + Float.MIN_VALUE);
            for (int i = 0; i < values.length; i++) {
                double error = Math.abs((double) values[i] - decoded[i]);
                assertThat(error).isLessThanOrEqualTo(step / 2 * (1 + 1e-9) + Math.ulp(decoded[i]) / 2.0);
            }
        });
    }

    @Test
    void rowsStandAlone() {
        check(draws -> {
            CodecLevel level = level(draws);
            float[] first = row(draws);
            float[] second = row(draws);
            int width = Math.min(first.length, second.length);
            float[] both = Arrays.copyOf(first, 2 * width);
            System.arraycopy(second, 0, both, width, width);
            float[] together = Activations.decode(level, Activations.frame(level, both, 2), 2, width);
            assertThat(Arrays.copyOf(together, width)).isEqualTo(roundTrip(level, Arrays.copyOf(first, width)));
            assertThat(Arrays.copyOfRange(together, width, 2 * width))
                    .isEqualTo(roundTrip(level, Arrays.copyOf(second, width)));
        });
    }

    @Test
    void aFlippedBitIsAlwaysNoticed() {
        check(draws -> {
            CodecLevel level = level(draws);
            float[] values = row(draws);
            int where = draws.between(0, Integer.MAX_VALUE - 1);
            byte[] frame = Activations.frame(level, values, 1);
            frame[where / 8 % frame.length] ^= (byte) (1 << where % 8);
            assertRefused(level, frame, values.length);
        });
    }

    @Test
    void aCutIsAlwaysNoticed() {
        check(draws -> {
            CodecLevel level = level(draws);
            float[] values = row(draws);
            int where = draws.between(0, Integer.MAX_VALUE - 1);
            byte[] frame = Activations.frame(level, values, 1);
            assertRefused(level, Arrays.copyOf(frame, where % frame.length), values.length);
        });
    }

    @Test
    void noiseIsAlwaysRefused() {
        check(draws -> {
            CodecLevel level = level(draws);
            byte[] noise = draws.bytes(0, 200);
            assertRefused(level, noise, 16);
        });
    }

    @Test
    void noiseBehindAHonestHeaderIsAlwaysRefused() {
        check(draws -> {
            CodecLevel level = level(draws);
            byte[] noise = draws.bytes(8, 200);
            byte[] honest = Activations.frame(level, new float[16], 1);
            System.arraycopy(honest, 0, noise, 0, 4);
            assertRefused(level, noise, 16);
        });
    }

    private static float[] roundTrip(CodecLevel level, float[] values) {
        return Activations.decode(level, Activations.frame(level, values, 1), 1, values.length);
    }

    private static void assertRefused(CodecLevel level, byte[] frame, int width) {
        try {
            level.decoder(width).decode(frame, 0, frame.length, FloatBuffer.allocate(4 * width));
            fail("a damaged frame was taken");
        } catch (CodecException expected) {
            assertThat(expected.offset()).isBetween(0L, (long) frame.length);
        }
    }

    /** By distance in exact arithmetic among the neighbours, an even last bit where two are as near. */
    private static float nearestBf16(float value) {
        int upper = Float.floatToRawIntBits(value) >>> 16;
        float best = Float.NaN;
        for (int candidate = upper; candidate <= upper + 1; candidate++) {
            float number = Float.intBitsToFloat(candidate << 16);
            if (!Float.isFinite(number)) {
                continue;
            }
            int order = Float.isNaN(best) ? -1 : distance(number, value).compareTo(distance(best, value));
            if (order < 0 || order == 0 && (candidate & 1) == 0) {
                best = number;
            }
        }
        return best;
    }

    private static BigDecimal distance(float a, float b) {
        return new BigDecimal(a).subtract(new BigDecimal(b)).abs();
    }
}
