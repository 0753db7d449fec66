package dev.cleave.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.cleave.codec.CodecException.Reason;
import dev.cleave.codec.frame.Frame;
import dev.cleave.codec.tuned.Calibration;
import dev.cleave.codec.tuned.CalibrationBuilder;
import dev.cleave.codec.tuned.CalibrationFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing is allocated from a length that bytes of a peer or of a file state: not where it is refused, and not where it is right. */
class StatedLengthTest {
    private static final int WIDTH = 24;
    private static final Calibration CALIBRATION = Calibrations.of(WIDTH, WIDTH, 11);

    /** What an exception with its message takes, many times over; what is stated here would take megabytes and more. */
    private static final long LITTLE = 100_000;

    private static long allocatedBy(Runnable run) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        run.run();
        long before = threads.getThreadAllocatedBytes(thread);
        run.run();
        return threads.getThreadAllocatedBytes(thread) - before;
    }

    @ParameterizedTest
    @MethodSource("dev.cleave.codec.CodecLevel#named")
    void aFrameThatStatesMoreThanItHolds(CodecLevel named) {
        CodecLevel level = named.calibrated(CALIBRATION);
        Decoder decoder = level.decoder(WIDTH);
        FloatBuffer room = FloatBuffer.allocate(2 * WIDTH);
        byte[] tokens = Activations.frame(level, Activations.hidden(2, WIDTH, 1), 2);
        ByteBuffer.wrap(tokens).order(ByteOrder.LITTLE_ENDIAN).putShort(4, (short) 0xFFFF);
        byte[] width = Activations.frame(level, Activations.hidden(2, WIDTH, 1), 2);
        ByteBuffer.wrap(width).order(ByteOrder.LITTLE_ENDIAN).putShort(6, (short) 0xFFFF);
        for (byte[] frame : new byte[][] {tokens, width}) {
            Frame.writeChecksum(frame, 0, frame.length, new CRC32());
            long bytes = allocatedBy(() -> {
                CodecException refused =
                        catchThrowableOfType(CodecException.class, () -> decoder.decode(frame, 0, frame.length, room));
                assertThat(refused.reason()).isEqualTo(Reason.SHAPE);
            });
            assertThat(bytes).isLessThan(LITTLE);
        }
    }

    /** An escape states how many tokens' values follow, and a token's header how many outliers. */
    @ParameterizedTest
    @MethodSource("dev.cleave.codec.CodecLevel#named")
    void rowsThatStateMoreThanTheyHold(CodecLevel named) {
        CodecLevel level = named.calibrated(CALIBRATION);
        Decoder decoder = level.decoder(WIDTH);
        FloatBuffer room = FloatBuffer.allocate(2 * WIDTH);
        byte[] honest = Activations.frame(level, Activations.hidden(2, WIDTH, 1), 2);
        for (int flags = 0; flags < 16; flags++) {
            byte[] frame = honest.clone();
            frame[Frame.AT_FLAGS] = (byte) flags;
            Arrays.fill(frame, Frame.HEADER, frame.length - Frame.CHECKSUM, (byte) 0xFF);
            Frame.writeChecksum(frame, 0, frame.length, new CRC32());
            long bytes = allocatedBy(() -> {
                CodecException refused =
                        catchThrowableOfType(CodecException.class, () -> decoder.decode(frame, 0, frame.length, room));
                assertThat(refused).isNotNull();
            });
            assertThat(bytes).isLessThan(LITTLE);
        }
    }

    @Test
    void aCalibrationThatStatesMoreThanItHolds() {
        byte[] honest = CalibrationFile.write(CALIBRATION);
        int[][] stated = {{8, 1 << 16}, {16, 1 << 20}, {20, 1 << 16}, {24, 4096}};
        for (int[] each : stated) {
            byte[] file = honest.clone();
            ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(each[0], each[1]);
            long bytes = allocatedBy(() -> {
                CodecException refused = catchThrowableOfType(CodecException.class, () -> CalibrationFile.read(file));
                assertThat(refused.reason()).isEqualTo(Reason.LENGTH);
            });
            assertThat(bytes).as("%d at byte %d", each[1], each[0]).isLessThan(LITTLE);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.cleave.codec.CodecLevel#tuned")
    void aTunedLevelAllocatesNothingForATokenOrAPrompt(CodecLevel named) {
        CodecLevel level = named.calibrated(CALIBRATION);
        Encoder encoder = level.encoder(WIDTH);
        Decoder decoder = level.decoder(WIDTH);
        FloatBuffer hidden = Activations.direct(Activations.hidden(8, WIDTH, 5));
        FloatBuffer decoded = FloatBuffer.allocate(8 * WIDTH);
        byte[] out = new byte[encoder.maxEncodedSize(8)];
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long bytes = allocatedBy(() -> {
                for (int i = 0; i < 500; i++) {
                    int tokens = i % 2 == 0 ? 1 : 8;
                    if (tokens == 1) {
                        encoder.known(3, 4);
                        decoder.known(3, 4);
                    }
                    decoder.decode(out, 0, encoder.encode(hidden, tokens, out, 0), decoded);
                }
            });
            least = Math.min(least, bytes);
        }
        // Asking takes a few hundred bytes itself; 500 frames at 16 bytes each would be 8,000.
        assertThat(least).isLessThan(1000);
    }

    @ParameterizedTest
    @MethodSource("dev.cleave.codec.CodecLevel#tuned")
    void aTunedLevelNamesRowAndColumnOfWhatIsNotFinite(CodecLevel named) {
        CodecLevel level = named.calibrated(CALIBRATION);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[] values = Activations.hidden(3, WIDTH, 6);
            values[2 * WIDTH + 17] = bad;
            CodecException refused =
                    catchThrowableOfType(CodecException.class, () -> Activations.frame(level, values, 3));
            assertThat(refused.reason()).isEqualTo(Reason.NOT_FINITE);
            assertThat(refused.offset()).isEqualTo(2 * WIDTH + 17);
            assertThat(refused).hasMessageContaining("row 2").hasMessageContaining("column 17");
        }
    }

    @Test
    void aCalibrationNamesWhereItHoldsWhatIsNotFinite() {
        byte[] file = CalibrationFile.write(CALIBRATION);
        int unit = 28;
        int mean = 32 + 4 * 5;
        for (int at : new int[] {unit, mean}) {
            byte[] damaged = file.clone();
            ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN).putFloat(at, Float.NaN);
            CodecException refused = catchThrowableOfType(CodecException.class, () -> CalibrationFile.read(damaged));
            assertThat(refused.reason()).isEqualTo(Reason.FIELD);
            assertThat(refused.offset()).isBetween((long) at, at + 4L);
        }
    }

    @Test
    void aTransformThatServesBothKindsIsKeptOnce() {
        Calibration one = new CalibrationBuilder(2, 1, new float[2], new float[] {1, 0, 0, 1}).build();
        Calibration two = new CalibrationBuilder(2, 1, new float[2], new float[] {1, 0, 0, 1})
                .codewordTransform(new float[] {0, 1, 1, 0})
                .build();
        for (Calibration each : new Calibration[] {one, two}) {
            assertThat(CalibrationFile.read(CalibrationFile.write(each)).decoderBytes())
                    .isEqualTo(each.decoderBytes());
        }
        assertThat(two.decoderBytes()).isEqualTo(one.decoderBytes() + 2 * 2 * Float.BYTES);
    }
}
