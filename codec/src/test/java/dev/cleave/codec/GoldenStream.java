package dev.cleave.codec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * A stream that is written down: a frame byte by byte, the values that it stands for and, where an encoder wrote it, what it was
 * written from. The files below {@code golden} hold them; what stands behind a # says what the bytes are.
 */
final class GoldenStream {
    private final String name;
    private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
    private final List<Float> input = new ArrayList<>();
    private final List<Float> values = new ArrayList<>();
    private CodecLevel level;
    private int tokens;
    private int width;

    private GoldenStream(String name) {
        this.name = name;
    }

    static Stream<GoldenStream> all() {
        URL folder = GoldenStream.class.getResource("/golden");
        try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
            return files.sorted().map(GoldenStream::read).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns those that an encoder wrote; the others were made by hand and say what no encoder chooses. */
    static Stream<GoldenStream> encoded() {
        return all().filter(stream -> !stream.input.isEmpty());
    }

    private static GoldenStream read(Path file) {
        GoldenStream stream = new GoldenStream(file.getFileName().toString());
        try {
            String section = "";
            for (String line : Files.readAllLines(file)) {
                String text = line.replaceFirst("#.*", "").trim();
                int colon = text.indexOf(':');
                if (colon >= 0) {
                    section = text.substring(0, colon);
                    text = text.substring(colon + 1).trim();
                }
                if (!text.isEmpty()) {
                    stream.add(section, text);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return stream;
    }

    private void add(String section, String text) {
        switch (section) {
            case "level" -> level = CodecLevel.of(text);
            case "tokens" -> tokens = Integer.parseInt(text);
            case "width" -> width = Integer.parseInt(text);
            case "frame" -> frame.writeBytes(HexFormat.ofDelimiter(" ").parseHex(text));
            case "input" -> addValues(input, text);
            case "values" -> addValues(values, text);
            default -> throw new IllegalArgumentException(name + " has a section '" + section + "'");
        }
    }

    private static void addValues(List<Float> list, String text) {
        for (String bits : text.split(" +")) {
            list.add(Float.intBitsToFloat(Integer.parseUnsignedInt(bits, 16)));
        }
    }

    CodecLevel level() {
        return level;
    }

    int tokens() {
        return tokens;
    }

    int width() {
        return width;
    }

    byte[] frame() {
        return frame.toByteArray();
    }

    float[] values() {
        return array(values);
    }

    /** Returns what an encoder wrote the frame from; nothing where none did. */
    float[] input() {
        return array(input);
    }

    private static float[] array(List<Float> list) {
        float[] array = new float[list.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = list.get(i);
        }
        return array;
    }

    @Override
    public String toString() {
        return name;
    }
}
