package dev.cleave.model.tokenizer;

import dev.cleave.model.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Texts of every kind that a tokenizer may meet, the same ones on every run. */
final class Texts {
    static final String[] BLANKS = {
        " ", " ", " ", "  ", "\t", "\n", "\n\n", "\r", "\r\n", "\u000b", "\f", "\u001c", "\u001f", "\u0085", "\u00a0",
        "\u1680", "\u180e", "\u2000", "\u2003", "\u2007", "\u200a", "\u200b", "\u2028", "\u2029", "\u202f", "\u205f",
        "\u2060", "\u3000", "\ufeff", "\u2581"
    };
    private static final String[] WORDS = {
        "the",
        "kitchen",
        "Light",
        "OFF",
        "don't",
        "I'LL",
        "we've",
        "'s",
        "'S",
        "it's'",
        "x'\u017f",
        "caf\u00e9",
        "cafe\u0301",
        "na\u00efve",
        "stra\u00dfe",
        "\u0130stanbul",
        "1",
        "42",
        "3.14",
        "1,000,000",
        "2024-05-01",
        "\u00bd",
        "\u2167",
        "\u0663\u0664",
        "...",
        "?!",
        "--",
        "\"",
        "'",
        "''",
        "(a)",
        "{\"b\":1}",
        "a_b",
        "http://x.y/z?q=1&r=2",
        "\u4e2d\u6587",
        "\u65e5\u672c\u8a9e",
        "\ud55c\uad6d\uc5b4",
        "\u1112\u1161\u11ab",
        "\u043f\u0440\u0438\u0432\u0435\u0442",
        "\u0645\u0631\u062d\u0628\u0627",
        "\u0928\u092e\u0938\u094d\u0924\u0947",
        "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35",
        "\u05e9\u05dc\u05d5\u05dd",
        "\ud835\udd6f",
        "\ud83d\ude00",
        "<0x41>",
        "<0x0A>",
        "\ufffd",
        "\u0000",
        "\u0007",
        "\u009f"
    };
    private static final int[] EMOJI = {
        0x1f600, 0x1f468, 0x1f469, 0x1f467, 0x1f466, 0x1f44d, 0x1f3f3, 0x1f308, 0x2764, 0x1f525, 0x1f9d1, 0x1f680,
        0x26a1, 0x1f1e9, 0x1f1ea, 0x1f1fa, 0x1f1f8, 0x31, 0x23, 0x20e3
    };
    private static final int[] MODIFIERS = {0x200d, 0xfe0f, 0xfe0e, 0x1f3fb, 0x1f3fd, 0x1f3ff, 0xe0067, 0xe007f, 0x20};

    private final Random random = new Random(20_240_501);
    private final Set<String> texts = new LinkedHashSet<>();

    private Texts() {}

    /** Returns made-up texts of all kinds, and what the repository ships, each once. */
    static List<String> all(List<String> addedTokens) {
        Texts made = new Texts();
        made.texts.addAll(Common.TEXTS);
        made.mixed(addedTokens.toArray(new String[0]), 1500);
        return new ArrayList<>(made.texts);
    }

    /** What does not depend on the tokenizer. */
    private static final class Common {
        private static final Set<String> TEXTS = texts();

        private static Set<String> texts() {
            Texts made = new Texts();
            made.shipped();
            int[] assigned = assigned();
            made.everyCharacter(assigned);
            made.scripts(assigned);
            made.emoji(600);
            made.controls(400);
            made.mixed(WORDS, 2000);
            made.runs();
            return made.texts;
        }
    }

    /** Returns every n-th of {@link #all}. */
    static List<String> some(List<String> addedTokens, int n) {
        List<String> all = all(addedTokens);
        List<String> some = new ArrayList<>();
        for (int i = 0; i < all.size(); i += n) {
            some.add(all.get(i));
        }
        return some;
    }

    /** Returns texts that hold every assigned character, in order. */
    static List<String> everyCharacter() {
        Texts made = new Texts();
        made.everyCharacter(assigned());
        return new ArrayList<>(made.texts);
    }

    /** Returns lines of a folder of public texts. */
    static List<String> real(Path folder, int linesOfEach) {
        List<String> lines = new ArrayList<>();
        try (var files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                try (var of = Files.lines(file)) {
                    of.filter(line -> !line.isEmpty()).limit(linesOfEach).forEach(lines::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    static Path root() {
        return Path.of(System.getProperty("cleave.root"));
    }

    private void shipped() {
        try {
            for (String line : Files.readAllLines(root().resolve("models/hearth-5m/eval/commands-dev.jsonl"))) {
                Map<String, Object> command = Json.parseObject(line.getBytes(StandardCharsets.UTF_8), "command")
                        .fields();
                texts.add((String) command.get("prompt"));
                texts.add((String) command.get("completion"));
            }
            for (String line : Files.readAllLines(root().resolve("models/hearth-5m/README.md"))) {
                texts.add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int[] assigned() {
        try (InputStream in = Texts.class.getResourceAsStream("/unicode/assigned-13.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("-"))
                    .flatMapToInt(range -> java.util.stream.IntStream.rangeClosed(
                            Integer.parseInt(range[0], 16), Integer.parseInt(range[1], 16)))
                    .toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void everyCharacter(int[] assigned) {
        for (int i = 0; i < assigned.length; i += 64) {
            texts.add(new String(assigned, i, Math.min(64, assigned.length - i)));
        }
    }

    /** Words of neighbouring characters, so that each script stands among its own. */
    private void scripts(int[] assigned) {
        for (int i = 0; i < assigned.length; i += 128) {
            int[] script = Arrays.copyOfRange(assigned, i, Math.min(i + 128, assigned.length));
            for (int round = 0; round < 4; round++) {
                StringBuilder text = new StringBuilder();
                for (int word = 1 + random.nextInt(6); word > 0; word--) {
                    for (int letter = random.nextInt(8); letter >= 0; letter--) {
                        text.appendCodePoint(script[random.nextInt(script.length)]);
                    }
                    text.append(random.nextInt(3) == 0 ? pick(BLANKS) : random.nextInt(4) == 0 ? pick(WORDS) : " ");
                }
                texts.add(text.toString());
            }
        }
    }

    private void emoji(int count) {
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = 1 + random.nextInt(12); n > 0; n--) {
                text.appendCodePoint(EMOJI[random.nextInt(EMOJI.length)]);
                if (random.nextBoolean()) {
                    text.appendCodePoint(MODIFIERS[random.nextInt(MODIFIERS.length)]);
                }
            }
            texts.add(text.toString());
        }
    }

    private void controls(int count) {
        int[] invisible = {0x200b, 0x200c, 0x200e, 0x202e, 0x2066, 0xad, 0x34f, 0xfffe, 0xffff, 0xfdd0, 0x10ffff, 0xfff9
        };
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = 1 + random.nextInt(20); n > 0; n--) {
                int kind = random.nextInt(4);
                text.appendCodePoint(
                        kind == 0
                                ? random.nextInt(0x20)
                                : kind == 1
                                        ? 0x7f + random.nextInt(0x21)
                                        : kind == 2
                                                ? invisible[random.nextInt(invisible.length)]
                                                : 'a' + random.nextInt(26));
            }
            texts.add(text.toString());
        }
    }

    /** Words, blanks and pieces of words in a row. */
    private void mixed(String[] words, int count) {
        for (int i = 0; i < count && words.length > 0; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = 1 + random.nextInt(12); n > 0; n--) {
                String word = pick(words);
                int kind = random.nextInt(8);
                text.append(kind == 0 ? word.substring(random.nextInt(word.length())) : kind == 1 ? pick(WORDS) : word);
                for (int blanks = random.nextInt(3); blanks > 0; blanks--) {
                    text.append(pick(BLANKS));
                }
            }
            texts.add(Characters.wellFormed(text.toString()));
        }
    }

    private void runs() {
        String[] units = {
            " ",
            "\n",
            "\t",
            "a",
            "ab",
            "the ",
            "=",
            "-",
            "0",
            "12",
            ".",
            "\u00e9",
            "e\u0301",
            "\u5b57",
            "\ud83d\ude00",
            "\u2581",
            "\u3000",
            " \n",
            "'s",
            "<",
            "\u0301"
        };
        for (String unit : units) {
            for (int length : new int[] {2, 3, 5, 7, 8, 15, 16, 23, 24, 25, 31, 47, 64, 100, 333, 2000}) {
                texts.add(unit.repeat(length));
                texts.add("x" + unit.repeat(length) + "y");
            }
        }
    }

    private String pick(String[] from) {
        return from[random.nextInt(from.length)];
    }
}
