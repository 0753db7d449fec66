package dev.cleave.bench.codec;

import dev.cleave.codec.CodecLevel;
import dev.cleave.codec.Decoder;
import dev.cleave.codec.Encoder;
import dev.cleave.codec.tuned.Calibration;
import dev.cleave.codec.tuned.CalibrationBuilder;
import java.nio.FloatBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One token of 2048 values over a tuned link, its id known or not. Work and memory do not depend on what a calibration holds, so
 * this one is made up: blocks of 128 as {@code prepare --calibrate} has them at this width, 1024 classes, 512 codewords.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TunedBenchmark {
    static final String KNOWN = "tuned-43, id known";
    static final String UNKNOWN = "tuned-43, codeword";
    static final int WIDTH = 2048;

    private static final int BLOCK = 128;
    private static final int CLASSES = 1024;
    private static final int CODEWORDS = 512;
    private static final int EXAMPLES = 200;

    /** Whether the other end knows the token's id. */
    @Param({KNOWN, UNKNOWN})
    public String subject;

    private Calibration calibration;
    private Encoder encoder;
    private Decoder decoder;
    private FloatBuffer hidden;
    private FloatBuffer decoded;
    private byte[] out;
    private byte[] frame;
    private int length;

    /** Makes calibration, row and frame. */
    @Setup
    public void setUp() {
        Random random = new Random(1);
        float[] transform = new float[WIDTH * BLOCK];
        for (int k = 0; k < WIDTH; k++) {
            transform[k * BLOCK + k % BLOCK] = 1;
        }
        char[] classes = new char[CLASSES];
        for (int i = 0; i < CLASSES; i++) {
            classes[i] = (char) i;
        }
        long[] uses = new long[CODEWORDS];
        calibration = new CalibrationBuilder(BLOCK, 1, new float[WIDTH], transform)
                .ids(classes, noise(random, CLASSES, 0.1), noise(random, CLASSES, 0.1))
                .codewords(noise(random, CODEWORDS, 0.1), uses)
                .fit(noise(random, EXAMPLES, 1), new int[EXAMPLES], new int[EXAMPLES])
                .build();
        CodecLevel quality = CodecLevel.of("tuned-43").calibrated(calibration);
        encoder = quality.encoder(WIDTH);
        decoder = quality.decoder(WIDTH);
        hidden = new Rows(1, WIDTH).room();
        hidden.put(noise(random, 1, 1));
        hidden.clear();
        decoded = new Rows(1, WIDTH).room();
        out = new byte[encoder.maxEncodedSize(1)];
        length = encode();
        frame = out.clone();
    }

    private static float[] noise(Random random, int rows, double deviation) {
        float[] values = new float[rows * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        return values;
    }

    /** Returns bytes of the frame. */
    int frameBytes() {
        return length;
    }

    /** Returns the calibration. */
    Calibration calibration() {
        return calibration;
    }

    /** A row to a frame. */
    @Benchmark
    public int encode() {
        if (subject.equals(KNOWN)) {
            encoder.known(3, 4);
        }
        return encoder.encode(hidden, 1, out, 0);
    }

    /** A frame to a row. */
    @Benchmark
    public int decode() {
        if (subject.equals(KNOWN)) {
            decoder.known(3, 4);
        }
        return decoder.decode(frame, 0, length, decoded);
    }
}
