package dev.cleave.bench.link;

import dev.cleave.quality.evaluation.Coding;
import java.util.Arrays;
import java.util.List;

/** What the codec levels are held to, besides float32, bfloat16 and int8, which are codec levels themselves. */
final class Rivals {
    private static final double DELTA = 0.16;
    private static final double OUTLIER = 5;
    private static final int OUTLIER_SHARE = 16;
    private static final int BITS = 4;
    private static final int MOST_BITS = 8;
    private static final int ZSTD_LEVEL = 3;

    private Rivals() {}

    /** Returns all of them, for one session. */
    static List<Coding> all(int width) {
        Zstandard zstandard = new Zstandard(new Fixed(width, MOST_BITS), ZSTD_LEVEL);
        return List.of(
                coding("q8_0", new Q80(width)),
                new Coding("int8-zstd", 0, zstandard, zstandard),
                coding("int4", new Fixed(width, BITS)),
                coding("ts-4bit", new OutliersApart(width)),
                coding("tab-q-16", new FewestBits(width)));
    }

    private static Coding coding(String name, RowCoder coder) {
        return new Coding(name, 0, coder, coder);
    }

    /** As many bits for every value: minimum and scale of each token. */
    static final class Fixed extends RowCoder {
        private final int bits;

        Fixed(int width, int bits) {
            super(width);
            this.bits = bits;
        }

        @Override
        int maxRowBytes() {
            return Uniform.bytes(width(), bits);
        }

        @Override
        int write(float[] values, byte[] out, int at) {
            return Uniform.write(values, width(), bits, out, at);
        }

        @Override
        int read(byte[] in, int at, float[] values) {
            return Uniform.read(in, at, bits, values, width());
        }
    }

    /** TS alone: values of at least 5 times the token's rms apart, as index and bfloat16, the rest in 4 bits. */
    static final class OutliersApart extends RowCoder {
        private final int most;
        private final int indexBytes;
        private final float[] rest;
        private final boolean[] apart;

        OutliersApart(int width) {
            super(width);
            most = width / OUTLIER_SHARE;
            indexBytes = width > 256 ? 2 : 1;
            rest = new float[width];
            apart = new boolean[width];
        }

        @Override
        int maxRowBytes() {
            return 2 + most * (indexBytes + 2) + Uniform.bytes(width(), BITS);
        }

        @Override
        int write(float[] values, byte[] out, int at) {
            double squares = 0;
            for (float value : values) {
                squares += (double) value * value;
            }
            double limit = OUTLIER * Math.sqrt(squares / width());
            int next = at + indexBytes;
            int count = 0;
            int outliers = 0;
            for (int i = 0; i < width(); i++) {
                if (Math.abs(values[i]) >= limit && limit > 0 && outliers < most) {
                    out[next] = (byte) i;
                    out[next + indexBytes - 1] = (byte) (indexBytes == 1 ? i : i >>> 8);
                    Uniform.putShort(out, next + indexBytes, Uniform.nearest(values[i]));
                    next += indexBytes + 2;
                    outliers++;
                } else {
                    rest[count++] = values[i];
                }
            }
            out[at] = (byte) outliers;
            out[at + indexBytes - 1] = (byte) (indexBytes == 1 ? outliers : outliers >>> 8);
            return Uniform.write(rest, count, BITS, out, next);
        }

        @Override
        int read(byte[] in, int at, float[] values) {
            int outliers = number(in, at);
            int next = at + indexBytes;
            Arrays.fill(apart, false);
            for (int i = 0; i < outliers; i++) {
                int index = number(in, next);
                apart[index] = true;
                values[index] = Uniform.widen(Uniform.getShort(in, next + indexBytes));
                next += indexBytes + 2;
            }
            next = Uniform.read(in, next, BITS, rest, width() - outliers);
            int from = 0;
            for (int i = 0; i < width(); i++) {
                values[i] = apart[i] ? values[i] : rest[from++];
            }
            return next;
        }

        private int number(byte[] in, int at) {
            return indexBytes == 1 ? in[at] & 0xFF : Uniform.getShort(in, at);
        }
    }

    /** TAB-Q alone: the fewest bits of 1..8 that keep a token's relative error of at most 0.16, else bfloat16. */
    static final class FewestBits extends RowCoder {
        private final float[] back;

        FewestBits(int width) {
            super(width);
            back = new float[width];
        }

        @Override
        int maxRowBytes() {
            return 1 + 2 * width() + 4;
        }

        @Override
        int write(float[] values, byte[] out, int at) {
            double bound = 0;
            for (float value : values) {
                bound += DELTA * DELTA * value * value;
            }
            for (int bits = 1; bits <= MOST_BITS; bits++) {
                out[at] = (byte) bits;
                int end = Uniform.write(values, width(), bits, out, at + 1);
                Uniform.read(out, at + 1, bits, back, width());
                double error = 0;
                for (int i = 0; i < width(); i++) {
                    error += ((double) values[i] - back[i]) * ((double) values[i] - back[i]);
                }
                if (error <= bound) {
                    return end;
                }
            }
            out[at] = 0;
            for (int i = 0; i < width(); i++) {
                Uniform.putShort(out, at + 1 + 2 * i, Uniform.nearest(values[i]));
            }
            return at + 1 + 2 * width();
        }

        @Override
        int read(byte[] in, int at, float[] values) {
            if (in[at] > 0) {
                return Uniform.read(in, at + 1, in[at], values, width());
            }
            for (int i = 0; i < width(); i++) {
                values[i] = Uniform.widen(Uniform.getShort(in, at + 1 + 2 * i));
            }
            return at + 1 + 2 * width();
        }
    }
}
