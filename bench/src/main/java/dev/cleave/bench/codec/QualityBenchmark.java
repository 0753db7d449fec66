package dev.cleave.bench.codec;

import dev.cleave.codec.CodecLevel;
import dev.cleave.codec.Decoder;
import dev.cleave.codec.Encoder;
import java.nio.FloatBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A frame of each quality: written, and read. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class QualityBenchmark {
    /** Tokens by width. */
    @Param({"1x2048", "256x4096"})
    public String rows;

    /** A codec level's name. */
    @Param({"lossless", "bf16", "int8", "tabq-08", "tabq-16"})
    public String subject;

    private Encoder encoder;
    private Decoder decoder;
    private FloatBuffer hidden;
    private FloatBuffer decoded;
    private byte[] out;
    private byte[] frame;
    private int length;
    private int tokens;

    /** Makes the rows and their frame. */
    @Setup
    public void setUp() {
        Rows shape = Rows.of(rows);
        CodecLevel quality = CodecLevel.of(subject);
        tokens = shape.tokens();
        encoder = quality.encoder(shape.width());
        decoder = quality.decoder(shape.width());
        hidden = shape.hidden();
        decoded = shape.room();
        out = new byte[encoder.maxEncodedSize(tokens)];
        length = encoder.encode(hidden, tokens, out, 0);
        frame = out.clone();
    }

    /** Returns bytes of the frame. */
    int frameBytes() {
        return length;
    }

    /** Rows to a frame. */
    @Benchmark
    public int encode() {
        return encoder.encode(hidden, tokens, out, 0);
    }

    /** A frame to rows. */
    @Benchmark
    public int decode() {
        return decoder.decode(frame, 0, length, decoded);
    }
}
