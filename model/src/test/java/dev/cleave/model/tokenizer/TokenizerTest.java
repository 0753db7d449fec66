package dev.cleave.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.model.TextPart;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
    private static final List<String> MARKERS = List.of("<|end|>", "<|user|>", "<|assistant|>");

    private static byte[] hearthJson() {
        try {
            return Files.readAllBytes(Texts.root().resolve("models/hearth-5m/tokenizer.json"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Tokenizer hearth() {
        return Tokenizer.of(hearthJson());
    }

    @Test
    void knowsItsVocabulary() {
        Tokenizer tokenizer = hearth();

        assertThat(tokenizer.vocabularySize()).isEqualTo(2048);
        assertThat(tokenizer.id("<|assistant|>")).hasValue(2);
        assertThat(tokenizer.id("\u0120the")).isPresent();
        assertThat(tokenizer.id("no such token")).isEmpty();
        assertThat(tokenizer.specialTokens()).containsExactlyInAnyOrderElementsOf(MARKERS);
    }

    @Test
    void specialTokensAreCharactersWhereAskedFor() {
        byte[] json = Shape.bytes().added("<|end|>", "'special':true").json();
        byte[] without = Shape.bytes().json();
        try (Reference reference = new Reference(without)) {
            Tokenizer tokenizer = Tokenizer.of(json);
            for (String text : Texts.some(List.of("<|end|>"), 10)) {
                assertThat(tokenizer.encode(text, true, false)).isEqualTo(reference.encode(text, true));
            }
        }
        assertThat(hearth().encode("<|end|>", true, true)).containsExactly(0);
        assertThat(hearth().encode("<|end|>", true, false)).doesNotContain(0);
    }

    @Test
    void findsNoMarkerInWhatIsLiteral() {
        Tokenizer tokenizer = hearth();
        int[] ids = tokenizer.encode(
                List.of(
                        TextPart.markup("<|end|><|user|>"),
                        TextPart.literal("a<|assistant|>b<|end"),
                        TextPart.markup("|><|assistant|>")),
                false);

        assertThat(Arrays.stream(ids).filter(id -> id < 3)).containsExactly(0, 1, 2);
        assertThat(tokenizer.decode(ids, false)).isEqualTo("<|end|><|user|>a<|assistant|>b<|end|><|assistant|>");
    }

    /** Markup markers cut the text; between them the reference, which has no markers, says what the ids are. */
    @Test
    void literalPartsAreEncodedAsTextAmongMarkers() {
        Random random = new Random(3);
        Shape plain = Shape.bytes();
        Shape marked = Shape.bytes();
        for (String marker : MARKERS) {
            marked.added(marker, "'special':true");
        }
        Tokenizer tokenizer = Tokenizer.of(marked.json());
        List<String> texts = Texts.some(MARKERS, 7);
        try (Reference reference = new Reference(plain.json())) {
            for (int round = 0; round < 500; round++) {
                List<TextPart> parts = new ArrayList<>();
                List<Integer> expected = new ArrayList<>();
                for (int n = random.nextInt(6); n >= 0; n--) {
                    String marker = MARKERS.get(random.nextInt(3));
                    String literal = texts.get(random.nextInt(texts.size()));
                    parts.add(TextPart.markup(marker + "."));
                    parts.add(TextPart.literal(literal));
                    parts.add(TextPart.markup("!"));
                    expected.add(MARKERS.indexOf(marker));
                    for (int id : reference.encode("." + literal + "!", false)) {
                        expected.add(id);
                    }
                }
                assertThat(tokenizer.encode(parts, false))
                        .containsExactly(expected.stream().mapToInt(i -> i).toArray());
            }
        }
    }

    @Test
    void findsNoMarkerInWhatIsLiteralWhereMarkersAreNormalized() {
        Tokenizer tokenizer = Tokenizer.of(Shape.characters(256)
                .with("normalizer", "{'type':'Replace','pattern':{'String':' '},'content':'▁▁'}")
                .added("<| end|>", "'normalized':true,'special':true")
                .json());
        int marker = tokenizer.id("<| end|>").orElseThrow();
        List<TextPart> parts = List.of(
                TextPart.markup("a <| end|> "),
                TextPart.literal("<| end|> b <| end|>"),
                TextPart.markup("<| end|>"),
                TextPart.literal(" <| end"),
                TextPart.markup("|>"));

        assertThat(Arrays.stream(tokenizer.encode(parts, false)).filter(id -> id == marker))
                .hasSize(2);
        assertThat(Arrays.stream(tokenizer.encode("a <| end|>", false)).filter(id -> id == marker))
                .hasSize(1);
        assertThat(Arrays.stream(tokenizer.encode("a <| end|>", false, false)).filter(id -> id == marker))
                .isEmpty();
    }

    @Test
    void partsThatAreAllMarkupAreOneText() {
        Tokenizer tokenizer = hearth();

        assertThat(tokenizer.encode(
                        List.of(TextPart.markup("don"), TextPart.markup("'t <|e"), TextPart.markup("nd|>")), false))
                .isEqualTo(tokenizer.encode("don't <|end|>", false));
        assertThat(tokenizer.encode(Collections.emptyList(), false)).isEmpty();
    }

    @Test
    void anUnpairedSurrogateIsTheReplacementCharacter() {
        Tokenizer tokenizer = hearth();

        assertThat(tokenizer.encode("a\ud83d b\ude00\ud83d", false))
                .isEqualTo(tokenizer.encode("a\ufffd b\ufffd\ufffd", false));
        assertThat(tokenizer.encode("\ude00\ud83d\ude00", false))
                .isEqualTo(tokenizer.encode("\ufffd\ud83d\ude00", false));
    }

    @Test
    void unknownIdsStandForNoText() {
        Tokenizer tokenizer = hearth();
        int[] ids = tokenizer.encode("light", false);
        int[] more = Arrays.copyOf(ids, ids.length + 3);
        more[ids.length] = -1;
        more[ids.length + 1] = 2048;
        more[ids.length + 2] = Integer.MAX_VALUE;

        assertThat(tokenizer.decode(more, false)).isEqualTo("light");
    }

    @Test
    void aStreamHoldsACharacterBackUntilItIsComplete() {
        Tokenizer tokenizer = hearth();
        TextDecoder decoder = tokenizer.decoder();
        List<String> pieces = new ArrayList<>();
        for (int id : tokenizer.encode("é😀", false)) {
            pieces.add(decoder.append(id));
        }

        assertThat(pieces).containsExactly("", "é", "", "", "", "😀");
        assertThat(decoder.finish()).isEmpty();
    }

    @Test
    void aStreamThatEndsInMidCharacterSaysSo() {
        Tokenizer tokenizer = hearth();
        TextDecoder decoder = tokenizer.decoder();

        assertThat(decoder.append(tokenizer.encode("😀", false)[0])).isEmpty();
        assertThat(decoder.finish()).isEqualTo("\ufffd");
    }

    @Test
    void aRunOfByteTokensIsHeldBackUntilItEnds() {
        Tokenizer tokenizer = Tokenizer.of(Shape.characters(256).json());
        TextDecoder decoder = tokenizer.decoder();
        int newline = tokenizer.id("<0x0A>").orElseThrow();
        int broken = tokenizer.id("<0xFF>").orElseThrow();
        int letter = tokenizer.id("a").orElseThrow();

        assertThat(decoder.append(newline)).isEmpty();
        assertThat(decoder.append(letter)).isEqualTo("\na");
        assertThat(decoder.append(newline)).isEmpty();
        assertThat(decoder.append(broken)).isEmpty();
        assertThat(decoder.finish()).isEqualTo("\ufffd\ufffd");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a", "ab", "the ", "=", "\n", "0", "é", "字", "😀", "<|end|>", "<|end", "'s"})
    @Timeout(60)
    void longRunsTakeNoUnreasonableTime(String unit) {
        String text = unit.repeat(400_000 / unit.length());
        Tokenizer tokenizer = hearth();
        Tokenizer expression = Tokenizer.of(Shape.bytes()
                .with(
                        "pre_tokenizer",
                        "{'type':'Sequence','pretokenizers':["
                                + Shape.split("Regex", Shape.LLAMA_3_WORDS, "Isolated", false) + "," + Shape.BYTE_LEVEL
                                + "]}")
                .json());
        Tokenizer characters = Tokenizer.of(Shape.characters(256).json());

        assertThat(tokenizer.decode(tokenizer.encode(text, false), false)).isEqualTo(text);
        assertThat(expression.decode(expression.encode(text, false), false)).isEqualTo(text);
        assertThat(characters.decode(characters.encode(text, false), false))
                .isEqualTo(text.startsWith(" ") ? text.substring(1) : text);
    }

    @Test
    @Timeout(60)
    void threadsShareOneTokenizer() throws Exception {
        Tokenizer tokenizer = hearth();
        List<String> texts = Texts.some(MARKERS, 5);
        List<int[]> expected = new ArrayList<>();
        for (String text : texts) {
            expected.add(hearth().encode(text, false));
            if (expected.size() == 300) {
                break;
            }
        }
        Callable<Void> work = () -> {
            for (int i = 0; i < 3000; i++) {
                assertThat(tokenizer.encode(texts.get(i % 300), false)).isEqualTo(expected.get(i % 300));
            }
            return null;
        };
        var threads = Executors.newFixedThreadPool(4);
        try {
            for (var done : threads.invokeAll(Collections.nCopies(4, work))) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
            threads.awaitTermination(10, TimeUnit.SECONDS);
        }
    }
}
