package dev.cleave.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import dev.cleave.codec.tuned.Calibration;
import dev.cleave.codec.tuned.CalibrationFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tuned frames and their calibration, written down byte by byte. They were made from docs/wire.md by a program that shares no line
 * with this one: what version 1 means is what they say.
 */
class TunedGoldenTest {
    private static final int WIDTH = 4;

    private final Calibration calibration = CalibrationFile.read(hex(lines("calibration")));
    private final Map<String, List<String>> sections = new LinkedHashMap<>();

    private static List<String> lines(String name) {
        try (InputStream in = TunedGoldenTest.class.getResourceAsStream("/golden-tuned/" + name + ".txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static byte[] hex(List<String> lines) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String line : lines) {
            for (String each : line.replaceAll("#.*", "").trim().split("\\s+")) {
                if (!each.isEmpty()) {
                    bytes.write(Integer.parseInt(each, 16));
                }
            }
        }
        return bytes.toByteArray();
    }

    private void read(String name) {
        String section = "";
        for (String line : lines(name)) {
            if (!line.startsWith(" ") && line.contains(":") && !line.startsWith("#")) {
                section = line.substring(0, line.indexOf(':'));
                sections.put(section, new ArrayList<>(List.of(line.substring(line.indexOf(':') + 1))));
            } else if (line.startsWith(" ")) {
                sections.get(section).add(line);
            }
        }
    }

    private float[] floats(String section) {
        String[] words = String.join(" ", sections.get(section)).trim().split("\\s+");
        float[] values = new float[words.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(words[i]);
        }
        return values;
    }

    private CodecLevel level() {
        return CodecLevel.of(sections.get("level").get(0).trim()).calibrated(calibration);
    }

    private Decoder decoder() {
        float[] known = floats("known");
        Decoder decoder = level().decoder(WIDTH);
        decoder.known((int) known[0], (int) known[1]);
        return decoder;
    }

    @ParameterizedTest
    @ValueSource(strings = {"codewords", "known", "known-first", "escape", "left-all", "left-some"})
    void decodes(String name) {
        read(name);
        byte[] frame = hex(sections.get("frame"));
        float[] values = floats("values");
        float[] decoded = new float[values.length];
        assertThat(decoder().decode(frame, 0, frame.length, FloatBuffer.wrap(decoded)))
                .isEqualTo(values.length / WIDTH);
        for (int i = 0; i < values.length; i++) {
            assertThat(decoded[i]).isCloseTo(values[i], within(1e-6f * Math.max(1, Math.abs(values[i]))));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"codewords", "known-first", "escape", "left-all", "left-some"})
    void isWritten(String name) {
        read(name);
        byte[] frame = hex(sections.get("frame"));
        float[] known = floats("known");
        float[] input = floats("input");
        Encoder encoder = level().encoder(WIDTH);
        byte[] out = new byte[encoder.maxEncodedSize(input.length / WIDTH)];
        encoder.known((int) known[0], (int) known[1]);
        int length = encoder.encode(FloatBuffer.wrap(input), input.length / WIDTH, out, 0);
        assertThat(Arrays.copyOf(out, length)).isEqualTo(frame);
    }

    @ParameterizedTest
    @ValueSource(strings = {"codewords", "known", "known-first", "escape", "left-all", "left-some"})
    void cutOffAnywhereItIsRefused(String name) {
        read(name);
        byte[] frame = hex(sections.get("frame"));
        for (int length = 0; length < frame.length; length++) {
            byte[] cut = Arrays.copyOf(frame, length);
            Throwable thrown =
                    catchThrowable(() -> decoder().decode(cut, 0, cut.length, FloatBuffer.allocate(4 * WIDTH)));
            assertThat(thrown).as("%d bytes", length).isInstanceOf(CodecException.class);
            assertThat(((CodecException) thrown).offset()).isBetween(0L, (long) length);
        }
    }
}
