package dev.cleave.bench.codec;

import com.github.luben.zstd.Zstd;
import dev.cleave.codec.CodecLevel;
import dev.cleave.codec.Encoder;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The same rows copied, and through zstd: their float32, and their {@code int8} frame, which is made beforehand. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RivalBenchmark {
    private static final String COPY = "copy";

    /** Tokens by width. */
    @Param({"1x2048", "256x4096"})
    public String rows;

    /** {@code copy}, or {@code zstd-LEVEL-float32} and {@code zstd-LEVEL-int8}. */
    @Param({COPY, "zstd-1-float32", "zstd-3-float32", "zstd-1-int8", "zstd-3-int8"})
    public String subject;

    private int level;
    private byte[] source;
    private byte[] out;
    private byte[] frame;
    private byte[] back;

    /** Makes the rows and what is read. */
    @Setup
    public void setUp() {
        Rows shape = Rows.of(rows);
        source = subject.endsWith("int8") ? int8(shape) : shape.asBytes();
        back = new byte[source.length];
        level = subject.equals(COPY) ? 0 : Integer.parseInt(subject.split("-")[1]);
        out = new byte[level == 0 ? source.length : (int) Zstd.compressBound(source.length)];
        int length = encode();
        frame = Arrays.copyOf(out, length);
    }

    private static byte[] int8(Rows shape) {
        Encoder encoder = CodecLevel.of("int8").encoder(shape.width());
        byte[] codes = new byte[encoder.maxEncodedSize(shape.tokens())];
        int length = encoder.encode(shape.hidden(), shape.tokens(), codes, 0);
        return Arrays.copyOf(codes, length);
    }

    /** Returns bytes of what is written. */
    int frameBytes() {
        return frame.length;
    }

    /** Copies or compresses. */
    @Benchmark
    public int encode() {
        return through(source, out, true);
    }

    /** Copies or decompresses. */
    @Benchmark
    public int decode() {
        return through(frame, back, false);
    }

    private int through(byte[] from, byte[] to, boolean compress) {
        if (level == 0) {
            System.arraycopy(from, 0, to, 0, from.length);
            return from.length;
        }
        long length = compress
                ? Zstd.compressByteArray(to, 0, to.length, from, 0, from.length, level)
                : Zstd.decompressByteArray(to, 0, to.length, from, 0, from.length);
        if (Zstd.isError(length)) {
            throw new IllegalStateException(Zstd.getErrorName(length));
        }
        return (int) length;
    }
}
