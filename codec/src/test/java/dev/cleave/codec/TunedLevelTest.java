package dev.cleave.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cleave.codec.CodecException.Reason;
import dev.cleave.codec.frame.Frame;
import dev.cleave.codec.tuned.Calibration;
import dev.cleave.codec.tuned.CalibrationFile;
import dev.cleave.codec.tuned.TunedEncoder;
import dev.cleave.model.property.Cases;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TunedLevelTest {
    private static final Calibration SMALL = Calibrations.of(24, 24, 7);
    private static final byte CANARY = 0x5C;
    private static final int FRAMES = Integer.getInteger("cleave.hostile.mutated", 10_000);

    private static CodecLevel level(Draws draws) {
        return draws.of(CodecLevel.tuned()).calibrated(SMALL);
    }

    @Test
    void theBoundIsKeptAndNothingAroundTheFrameIsTouched() {
        Cases.check(1000, seed -> {
            Draws draws = new Draws(seed);
            assertKept(level(draws), draws.row(24), draws.between(-1, 60), draws.between(-1, 60));
        });
    }

    private static void assertKept(CodecLevel level, float[] values, int id, int before) {
        Encoder encoder = level.encoder(24);
        Decoder decoder = level.decoder(24);
        byte[] out = new byte[encoder.maxEncodedSize(1) + 14];
        Arrays.fill(out, CANARY);
        encoder.known(id, before);
        int length = encoder.encode(FloatBuffer.wrap(values), 1, out, 7);
        assertThat(length).isLessThanOrEqualTo(encoder.maxEncodedSize(1));
        for (int i = 0; i < out.length; i++) {
            // Rows of the greatest size stand for a moment behind the frame, within what the encoder asks for.
            if (i < 7 || i >= 7 + encoder.maxEncodedSize(1)) {
                assertThat(out[i]).isEqualTo(CANARY);
            }
        }
        float[] decoded = new float[24];
        decoder.known(id, before);
        decoder.decode(out, 7, length, FloatBuffer.wrap(decoded));
        assertBound(SMALL, level, values, decoded);
    }

    @ParameterizedTest
    @CsvSource({"1,1,3", "2,2,5", "63,16,4", "64,64,2", "65,64,3", "192,192,32", "576,128,6", "2048,128,2", "8192,64,1"
    })
    void everyWidth(int width, int block, int tokens) {
        Calibration calibration = Calibrations.of(width, block, width);
        for (CodecLevel tuned : CodecLevel.tuned()) {
            CodecLevel level = tuned.calibrated(calibration);
            float[] values = Activations.hidden(tokens, width, 3);
            byte[] frame = Activations.frame(level, values, tokens);
            float[] decoded = Activations.decode(level, frame, tokens, width);
            for (int token = 0; token < tokens; token++) {
                assertBound(
                        calibration,
                        level,
                        Arrays.copyOfRange(values, token * width, (token + 1) * width),
                        Arrays.copyOfRange(decoded, token * width, (token + 1) * width));
            }
        }
    }

    private static void assertBound(Calibration calibration, CodecLevel level, float[] values, float[] decoded) {
        double error = 0;
        double norm = 0;
        for (int i = 0; i < values.length; i++) {
            error += Math.pow((double) values[i] - decoded[i], 2);
            norm += Math.pow(values[i], 2);
        }
        double step = Integer.parseInt(level.name().substring("tuned-".length())) / 100.0 * calibration.unit();
        assertThat(Math.sqrt(error))
                .isLessThanOrEqualTo(0.64 * step * Math.sqrt(values.length) + 1e-5 * Math.sqrt(norm) + 1e-5);
    }

    @Test
    void aSecondDecoderReadsTheSame() {
        Cases.check(300, seed -> {
            Draws draws = new Draws(seed);
            assertReadAlike(level(draws), draws.row(24), draws.between(-1, 49), draws.between(-1, 49), draws.flip());
        });
    }

    private static void assertReadAlike(CodecLevel level, float[] first, int id, int before, boolean several) {
        int tokens = id < 0 && several ? 3 : 1;
        float[] values = Activations.hidden(tokens, 24, id);
        System.arraycopy(first, 0, values, 0, 24);
        Encoder encoder = level.encoder(24);
        byte[] out = new byte[encoder.maxEncodedSize(tokens)];
        encoder.known(id, before);
        byte[] frame = Arrays.copyOf(out, encoder.encode(FloatBuffer.wrap(values), tokens, out, 0));
        System.arraycopy(out, 0, frame, 0, frame.length);
        Decoder decoder = level.decoder(24);
        decoder.known(id, before);
        float[] decoded = new float[tokens * 24];
        decoder.decode(frame, 0, frame.length, FloatBuffer.wrap(decoded));
        double[] expected = new TunedReferenceDecoder(CalibrationFile.write(SMALL)).decode(frame, id, before);
        double largest = 1;
        for (float value : decoded) {
            largest = Math.max(largest, Math.abs(value) < 1e30 ? Math.abs(value) : 1);
        }
        for (int i = 0; i < decoded.length; i++) {
            assertThat((double) decoded[i])
                    .isCloseTo(
                            expected[i],
                            org.assertj.core.api.Assertions.within(2e-6 * Math.max(largest, Math.abs(expected[i]))));
        }
    }

    @Test
    void whatIsPredictedNeedNotTravel() {
        CodecLevel level = CodecLevel.of("tuned-20").calibrated(SMALL);
        float[] components = new float[24];
        float[] values = new float[24];
        SMALL.predict(11, 12, components);
        SMALL.transform(Calibration.Kind.IDS).inverse(components, values);
        Encoder encoder = level.encoder(24);
        byte[] out = new byte[encoder.maxEncodedSize(1)];
        int unknown = encoder.encode(FloatBuffer.wrap(values), 1, out, 0);
        encoder.known(11, 12);
        assertThat(encoder.encode(FloatBuffer.wrap(values), 1, out, 0)).isLessThan(unknown);
        assertThat(encoder.encode(FloatBuffer.wrap(values), 1, out, 0))
                .as("it holds for one frame")
                .isEqualTo(unknown);
    }

    @Test
    void aFrameThatBuildsOnAnUnknownIdIsRefused() {
        CodecLevel level = CodecLevel.of("tuned-20").calibrated(SMALL);
        Encoder encoder = level.encoder(24);
        byte[] out = new byte[encoder.maxEncodedSize(1)];
        encoder.known(11, 12);
        int length = encoder.encode(FloatBuffer.wrap(Activations.hidden(1, 24, 1)), 1, out, 0);
        CodecException thrown = catchThrowableOfType(
                CodecException.class, () -> level.decoder(24).decode(out, 0, length, FloatBuffer.allocate(24)));
        assertThat(thrown.reason()).isEqualTo(Reason.FIELD);
        assertThat(thrown).hasMessageContaining("not known here");
    }

    @Test
    void hostileFramesAreDecodedOrRefused() {
        Random random = new Random(5);
        List<CodecLevel> tuned = CodecLevel.tuned();
        int taken = 0;
        for (int i = 0; i < FRAMES; i++) {
            CodecLevel level = tuned.get(i % tuned.size()).calibrated(SMALL);
            boolean known = random.nextBoolean();
            byte[] frame = known ? ofKnown(level, i) : Activations.frame(level, Activations.hidden(2, 24, i), 2);
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                frame[3 + random.nextInt(frame.length - 7)] = (byte) random.nextInt(random.nextBoolean() ? 16 : 256);
            }
            if (random.nextBoolean()) {
                frame = Arrays.copyOf(frame, 12 + random.nextInt(frame.length));
            }
            seal(frame);
            byte[] hostile = frame;
            try {
                Decoder decoder = level.decoder(24);
                if (known) {
                    decoder.known(11, 12);
                }
                FloatBuffer values = FloatBuffer.allocate(48);
                int tokens = decoder.decode(hostile, 0, hostile.length, values);
                for (int at = 0; at < tokens * 24; at++) {
                    assertThat(values.get(at)).isFinite();
                }
                taken++;
            } catch (CodecException e) {
                assertThat(e.offset()).isBetween(0L, (long) hostile.length);
            }
        }
        assertThat(taken).isBetween(FRAMES / 100, FRAMES - FRAMES / 100);
    }

    private static byte[] ofKnown(CodecLevel level, long seed) {
        Encoder encoder = level.encoder(24);
        byte[] out = new byte[encoder.maxEncodedSize(1)];
        encoder.known(11, 12);
        return Arrays.copyOf(out, encoder.encode(FloatBuffer.wrap(Activations.hidden(1, 24, seed)), 1, out, 0));
    }

    private static void seal(byte[] frame) {
        Frame.writeChecksum(frame, 0, frame.length, new CRC32());
    }

    @Test
    void theFirstCodesOfAnOnlyTokenTravelForNextToNothing() {
        CodecLevel level = CodecLevel.of("tuned-43").calibrated(SMALL);
        int frames = 200;
        int alone = 0;
        int among = 0;
        for (int seed = 0; seed < frames; seed++) {
            float[] row = Activations.hidden(1, 24, seed);
            float[] rows = new float[16 * 24];
            for (int at = 0; at < rows.length; at += 24) {
                System.arraycopy(row, 0, rows, at, 24);
            }
            alone += Activations.frame(level, row, 1).length - Frame.OVERHEAD;
            among += (Activations.frame(level, rows, 16).length - Frame.OVERHEAD) / 16;
        }
        // A coder of its own costs a token 12 bits for its first symbol and half a byte at the end; the codes that it
        // leaves, as many.
        assertThat(alone).isLessThan(among + frames);
    }

    @Test
    void codesLeftBySeveralTokensOrByOneThatEscapesAreRefused() {
        CodecLevel level = CodecLevel.of("tuned-20").calibrated(SMALL);
        byte[] several = Activations.frame(level, Activations.hidden(2, 24, 1), 2);
        float[] far = new float[24];
        far[3] = 1e30f;
        byte[] escapes = Activations.frame(level, far, 1);
        for (byte[] frame : List.of(several, escapes)) {
            frame[Frame.AT_FLAGS] |= TunedEncoder.CODES_LEFT;
            seal(frame);
            CodecException thrown = catchThrowableOfType(
                    CodecException.class,
                    () -> level.decoder(24).decode(frame, 0, frame.length, FloatBuffer.allocate(48)));
            assertThat(thrown.reason()).isEqualTo(Reason.FIELD);
        }
    }

    @Test
    void aStateThatIsNoCodesIsRefused() {
        // Without another byte than the shift's the state is left with whatever it is.
        CodecLevel level = CodecLevel.of("tuned-20").calibrated(Calibrations.of(1, 1, 7));
        byte[] frame = Activations.frame(level, new float[1], 1);
        assertThat(frame[Frame.AT_FLAGS]).isEqualTo((byte) TunedEncoder.CODES_LEFT);
        byte[] longer = Arrays.copyOf(frame, frame.length + 2);
        Arrays.fill(longer, Frame.HEADER, longer.length - Frame.CHECKSUM, (byte) 0x7F);
        seal(longer);
        assertThatThrownBy(() -> level.decoder(1).decode(longer, 0, longer.length, FloatBuffer.allocate(1)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("does not end with its last code");
    }

    @Test
    void aCalibrationIsReadAsItWasWritten() {
        byte[] bytes = CalibrationFile.write(SMALL);
        assertThat(CalibrationFile.write(CalibrationFile.read(bytes))).isEqualTo(bytes);
    }

    @Test
    void aDamagedCalibrationIsRefused() {
        byte[] bytes = CalibrationFile.write(SMALL);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> CalibrationFile.read(cut)).isInstanceOf(CodecException.class);
        }
        for (int at = 0; at < 32; at += 4) {
            byte[] changed = bytes.clone();
            Arrays.fill(changed, at, at + 4, (byte) 0xFF);
            assertThatThrownBy(() -> CalibrationFile.read(changed)).isInstanceOf(CodecException.class);
        }
    }

    @Test
    void withoutACalibrationThereIsNoEncoder() {
        assertThatThrownBy(() -> CodecLevel.of("tuned-20").encoder(24))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("prepare --calibrate");
        assertThatThrownBy(() -> CodecLevel.of("tuned-20").calibrated(SMALL).decoder(25))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("width 24");
    }
}
