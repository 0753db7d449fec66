package dev.cleave.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cleave.codec.frame.Bf16;
import dev.cleave.codec.frame.Frame;
import dev.cleave.codec.tabq.TabBounds;
import dev.cleave.model.property.Cases;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TabqLevelTest {
    private static final byte CANARY = (byte) 0xA5;

    /** What activations may look like, and what they never should. */
    enum Shape {
        NORMAL,
        HEAVY_TAILED,
        CONSTANT,
        ZERO,
        DENORMAL,
        SPIKE,
        ALTERNATING,
        HUGE,
        FAR_FROM_ZERO;

        float value(Random random, int column, int width) {
            switch (this) {
                case NORMAL:
                    return (float) random.nextGaussian();
                case HEAVY_TAILED:
                    return (float) (random.nextGaussian() / Math.max(1e-3, Math.abs(random.nextGaussian())));
                case CONSTANT:
                    return 3.14159f;
                case ZERO:
                    return 0;
                case DENORMAL:
                    return Float.MIN_VALUE * (random.nextInt(2001) - 1000);
                case SPIKE:
                    return column == width / 2 ? 1000 : 0;
                case ALTERNATING:
                    return column % 2 == 0 ? 1 : -1;
                case HUGE:
                    return random.nextBoolean() ? Float.MAX_VALUE : -Float.MAX_VALUE * random.nextFloat();
                default:
                    return 1e6f + random.nextFloat();
            }
        }
    }

    private static TabqLevel level(Draws draws) {
        return draws.of(CodecLevel.all().stream()
                .filter(TabqLevel.class::isInstance)
                .map(TabqLevel.class::cast)
                .toList());
    }

    private static int width(Draws draws) {
        return draws.flip()
                ? draws.of(1, 2, 63, 64, 65, 192, 256, 257, 576, 2048, 4096, 4097, 8192)
                : draws.between(1, 600);
    }

    private static int tokens(Draws draws) {
        return draws.of(1, draws.between(1, 8), draws.of(128, 512));
    }

    private static Shape shape(Draws draws) {
        return draws.of(List.of(Shape.values()));
    }

    @Test
    void everyTokenIsWithinItsBoundAndEveryByteInItsPlace() {
        Cases.check(400, seed -> {
            Draws draws = new Draws(seed);
            TabqLevel level = level(draws);
            int width = width(draws);
            int tokens = Math.max(1, Math.min(tokens(draws), (1 << 19) / width));
            assertBound(level, width, tokens, values(shape(draws), tokens, width, draws.seed()));
        });
    }

    private static void assertBound(TabqLevel level, int width, int tokens, float[] values) {
        Encoder encoder = level.encoder(width);
        byte[] out = new byte[encoder.maxEncodedSize(tokens) + 20];
        Arrays.fill(out, CANARY);
        int length = encoder.encode(FloatBuffer.wrap(values), tokens, out, 10);
        for (int i = 0; i < out.length; i++) {
            if (i < 10 || i >= 10 + encoder.maxEncodedSize(tokens)) {
                assertThat(out[i]).isEqualTo(CANARY);
            }
        }

        byte[] frame = Arrays.copyOfRange(out, 10, 10 + length);
        float[] decoded = new float[values.length];
        assertThat(level.decoder(width).decode(frame, 0, length, FloatBuffer.wrap(decoded)))
                .isEqualTo(tokens);
        double allNorms = 0;
        double allErrors = 0;
        for (int token = 0; token < tokens; token++) {
            double norm = 0;
            double error = 0;
            for (int i = token * width; i < (token + 1) * width; i++) {
                norm += (double) values[i] * values[i];
                double lost = (double) values[i] - decoded[i];
                error += lost * lost;
            }
            assertThat(Math.sqrt(error))
                    .as("token %d", token)
                    .isLessThanOrEqualTo(level.bounds().delta() * Math.sqrt(norm) * (1 + 1e-12));
            allNorms += norm;
            allErrors += error;
        }
        double relative = allNorms == 0 ? 0 : Math.sqrt(allErrors / allNorms);
        assertThat(encoder.relativeError()).isCloseTo(relative, within(1e-12));
    }

    @Test
    void aDecoderWrittenFromTheDocumentReadsTheSame() {
        Cases.check(150, seed -> {
            Draws draws = new Draws(seed);
            int width = width(draws);
            assertReadAlike(level(draws), width, values(shape(draws), 3, width, draws.seed()));
        });
    }

    private static void assertReadAlike(TabqLevel level, int width, float[] values) {
        int tokens = values.length / width;
        byte[] frame = Activations.frame(level, values, tokens);
        ReferenceDecoder reference = new ReferenceDecoder(frame);
        float[] expected = reference.decode();
        float[] decoded = Activations.decode(level, frame, tokens, width);
        for (int i = 0; i < decoded.length; i++) {
            assertThat(Float.floatToRawIntBits(decoded[i])).isEqualTo(Float.floatToRawIntBits(expected[i]));
        }
    }

    /** Without the entropy stage, whose scale is not that of the whole range, one bit less breaks the bound. */
    @Test
    void noTokenTakesMoreBitsThanItNeeds() {
        Cases.check(300, seed -> {
            Draws draws = new Draws(seed);
            assertFewestBits(level(draws), values(Shape.NORMAL, 1, width(draws), draws.seed()));
        });
    }

    private static void assertFewestBits(TabqLevel level, float[] values) {
        TabqLevel plain = new TabqLevel(
                "plain",
                99,
                new TabBounds(Double.POSITIVE_INFINITY, level.bounds().delta(), false));
        byte[] frame = Activations.frame(plain, values, 1);
        int bits = (frame[Frame.HEADER] & 7) + 1;
        if ((frame[Frame.HEADER] & 0x60) != 0 || bits == 1) {
            return;
        }
        double norm = 0;
        double least = Double.MAX_VALUE;
        double greatest = -Double.MAX_VALUE;
        for (float value : values) {
            norm += (double) value * value;
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        // With one bit less, minimum and scale rounded as they travel.
        int most = (1 << bits - 1) - 1;
        double minimum = Bf16.widen(Bf16.below((float) least));
        double step = Bf16.widen(Bf16.above((greatest - minimum) / most));
        double error = 0;
        for (float value : values) {
            double code = Math.min(most, Math.floor((value - minimum) / step + 0.5));
            double lost = value - (float) (minimum + code * step);
            error += lost * lost;
        }
        assertThat(error).isGreaterThan(level.bounds().delta() * level.bounds().delta() * norm);
    }

    @Test
    void theEntropyStagePays() {
        TabqLevel plain = new TabqLevel("plain", 99, new TabBounds(Double.POSITIVE_INFINITY, 0.08, false));
        int tokens = 64;
        long with = 0;
        for (int seed = 0; seed < tokens; seed++) {
            float[] values = values(Shape.NORMAL, 1, 2048, seed);
            int length = Activations.frame(CodecLevel.of("tabq-08"), values, 1).length;
            assertThat(length).isLessThan(Activations.frame(plain, values, 1).length);
            with += length;
        }
        // log2(σ · √(2πe) / step) with step = Δ · √12: the entropy of a normal variable, quantized that fine.
        double entropy = Math.log(Math.sqrt(2 * Math.PI * Math.E) / (0.08 * Math.sqrt(12))) / Math.log(2);
        // Above it: 23 bytes of frame, header and coder are 0.09, the logistic tables 0.06 on normal values, and a
        // scale
        // that stops short of the bound up to 0.15.
        assertThat(8.0 * with / tokens / 2048).isBetween(entropy, entropy + 0.3);
    }

    static float[] values(Shape shape, int tokens, int width, long seed) {
        Random random = new Random(seed);
        float[] values = new float[tokens * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = shape.value(random, i % width, width);
        }
        return values;
    }
}
