package dev.cleave.quality.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.codec.CodecLevel;
import dev.cleave.codec.Decoder;
import dev.cleave.codec.Encoder;
import dev.cleave.codec.tuned.Calibration;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Activations of a known make: what is predicted of them is known as well. */
class SplitFitTest {
    private static final int VOCABULARY = 40;
    private static final int WINDOW = 100;

    /** x = T(id) + P(id before) + noise along two directions; the table tells T from afar only. */
    private static final class Source {
        final int width;
        final float[] now;
        final float[] then;
        final float[] table;
        final Random random = new Random(3);
        final float[] directions;

        Source(int width) {
            this.width = width;
            now = gaussian(VOCABULARY * width, 1);
            then = gaussian(VOCABULARY * width, 0.4);
            table = now.clone();
            directions = gaussian(2 * width, 1);
        }

        float[] gaussian(int count, double deviation) {
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) (random.nextGaussian() * deviation);
            }
            return values;
        }

        float[] text(List<int[]> windows) {
            float[] text = new float[windows.size() * WINDOW * width];
            int row = 0;
            for (int[] window : windows) {
                for (int t = 0; t < WINDOW; t++, row++) {
                    double a = random.nextGaussian() * 0.3;
                    double b = random.nextGaussian() * 0.3;
                    for (int i = 0; i < width; i++) {
                        text[row * width + i] = (float) (3
                                + now[window[t] * width + i]
                                + (t == 0 ? 0 : then[window[t - 1] * width + i])
                                + a * directions[i]
                                + b * directions[width + i]
                                + random.nextGaussian() * 0.01);
                    }
                }
            }
            return text;
        }

        List<int[]> windows(int count) {
            List<int[]> windows = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                windows.add(random.ints(WINDOW, 0, VOCABULARY).toArray());
            }
            return windows;
        }
    }

    private static double bits(Calibration calibration, String name, Source source, boolean known) {
        CodecLevel quality = CodecLevel.of(name).calibrated(calibration);
        Encoder encoder = quality.encoder(source.width);
        Decoder decoder = quality.decoder(source.width);
        List<int[]> windows = source.windows(3);
        float[] text = source.text(windows);
        byte[] frame = new byte[encoder.maxEncodedSize(1)];
        float[] decoded = new float[source.width];
        long bytes = 0;
        long rows = 0;
        for (int w = 0; w < windows.size(); w++) {
            for (int t = 1; t < WINDOW; t++, rows++) {
                float[] row = java.util.Arrays.copyOfRange(
                        text, (w * WINDOW + t) * source.width, (w * WINDOW + t + 1) * source.width);
                if (known) {
                    encoder.known(windows.get(w)[t], windows.get(w)[t - 1]);
                    decoder.known(windows.get(w)[t], windows.get(w)[t - 1]);
                }
                int length = encoder.encode(FloatBuffer.wrap(row), 1, frame, 0);
                bytes += length - 12;
                decoder.decode(frame, 0, length, FloatBuffer.wrap(decoded));
                for (int i = 0; i < source.width; i++) {
                    assertThat(decoded[i]).isBetween(row[i] - 2f, row[i] + 2f);
                }
            }
        }
        return 8.0 * bytes / (rows * source.width);
    }

    @Test
    void onlyWhatCannotBePredictedTravels() {
        Source source = new Source(48);
        List<int[]> windows = source.windows(60);
        Calibration calibration = new SplitFit(48, TokenClasses.choose(windows, VOCABULARY, 48, 1 << 20), windows)
                .fit(source.text(windows), source.table);

        // Two directions of 48 are left, of deviation 0.3 · √48 in steps of a tenth of the unit: 6.3 bits each by the
        // entropy of
        // a Gaussian. With shift, last byte and 46 codes of next to nothing that is 0.6 bits a value; unpredicted it
        // were 5.4.
        assertThat(bits(calibration, "tuned-10", source, true)).isLessThan(0.75);
        // Without the ids: forty times forty sums are more than there are codewords, but the nearest is near.
        assertThat(bits(calibration, "tuned-10", source, false)).isBetween(1.0, 4.5);
    }

    @Test
    void wideActivationsAreTransformedByBlocks() {
        Source source = new Source(640);
        List<int[]> windows = source.windows(30);
        Calibration calibration = new SplitFit(640, TokenClasses.choose(windows, VOCABULARY, 640, 1 << 20), windows)
                .fit(source.text(windows), source.table);

        assertThat(calibration.encoderBytes()).isLessThan(4L * 640 * 640);
        assertThat(bits(calibration, "tuned-10", source, true)).isLessThan(0.4);
    }

    @Test
    void constantActivationsAreNoProblem() {
        List<int[]> windows = List.of(new int[WINDOW], new int[WINDOW]);
        float[] text = new float[2 * WINDOW * 8];
        java.util.Arrays.fill(text, 2.5f);
        Calibration calibration = new SplitFit(8, TokenClasses.choose(windows, VOCABULARY, 8, 1 << 20), windows)
                .fit(text, new float[VOCABULARY * 8]);

        CodecLevel quality = CodecLevel.of("tuned-43").calibrated(calibration);
        Encoder encoder = quality.encoder(8);
        byte[] frame = new byte[encoder.maxEncodedSize(1)];
        float[] row = {2.5f, 2.5f, 2.5f, 2.5f, 2.5f, 2.5f, 2.5f, 7f};
        float[] decoded = new float[8];
        int length = encoder.encode(FloatBuffer.wrap(row), 1, frame, 0);
        quality.decoder(8).decode(frame, 0, length, FloatBuffer.wrap(decoded));
        assertThat(decoded).containsExactly(row);
    }

    @Test
    void rareIdsShareARow() {
        List<int[]> windows = List.of(new int[] {5, 5, 5, 9, 9, 2});
        TokenClasses all = TokenClasses.choose(windows, 10, 4, 80);
        assertThat(all.rows()).isEqualTo(10);
        assertThat(all.classOf()[7]).isEqualTo((char) 7);

        TokenClasses some = TokenClasses.choose(windows, 10, 4, 24);
        assertThat(some.ids()).containsExactly(5, 9);
        assertThat(some.rows()).isEqualTo(3);
        assertThat(some.classOf()[5]).isEqualTo((char) 0);
        assertThat(some.classOf()[9]).isEqualTo((char) 1);
        assertThat(some.classOf()[2]).isEqualTo((char) 2);
    }
}
