package dev.cleave.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cleave.model.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Real tokenizers give the ids and the texts that the Hugging Face library gives. */
class TokenizerParityTest {
    private static final int LEAST = 10_000;

    @Test
    void hearth() throws IOException {
        check(Texts.root().resolve("models/hearth-5m/tokenizer.json"), text -> true, text -> text);
    }

    @Test
    void gptNeox() throws IOException {
        check(shared().resolve("tokenizers/gpt-neox.tokenizer.json"), text -> true, new NormalForm(Form.NFC)::apply);
    }

    @Test
    void stories260K() throws IOException {
        // A blank is put before every piece between special tokens, and the visible blank is read as a blank.
        check(
                shared().resolve("models/stories260K/tokenizer.json"),
                text -> !text.contains("<s>") && !text.contains("</s>") && !text.contains("<unk>"),
                text -> text.replace('\u2581', ' '));
    }

    private static Path shared() {
        String shared = System.getProperty("cleave.shared", "");
        assumeTrue(!shared.isEmpty(), "needs the folder that the property cleave.shared names");
        return Path.of(shared);
    }

    /** Encodes and decodes all texts with both; what comes back is what {@code readBack} makes of them. */
    private static void check(Path file, Predicate<String> lossless, UnaryOperator<String> readBack)
            throws IOException {
        byte[] json = Files.readAllBytes(file);
        List<String> texts = Texts.all(addedTokens(json));
        String shared = System.getProperty("cleave.shared", "");
        if (!shared.isEmpty()) {
            texts.addAll(Texts.real(Path.of(shared, "data"), 300));
        }
        assertThat(texts).hasSizeGreaterThan(LEAST);
        try (Parity parity = new Parity(json)) {
            for (String text : texts) {
                int[] ids = parity.assertEncodes(text, false);
                parity.assertDecodes(ids);
                if (lossless.test(text)) {
                    assertThat(parity.tokenizer.decode(ids, false)).isEqualTo(readBack.apply(text));
                }
            }
            parity.assertEncodes(texts.subList(0, 200));
            parity.assertDecodesAnything(2000);
        }
    }

    static List<String> addedTokens(byte[] json) {
        List<String> contents = new ArrayList<>();
        var root = Json.parseObject(json, "tokenizer.json");
        for (int i = 0; i < root.list("added_tokens").size(); i++) {
            contents.add(root.element("added_tokens", i).string("content"));
        }
        return contents;
    }
}
