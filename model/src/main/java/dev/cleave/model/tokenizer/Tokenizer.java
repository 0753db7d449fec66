package dev.cleave.model.tokenizer;

import dev.cleave.model.TextPart;
import java.util.List;
import java.util.OptionalInt;

/**
 * Text to token ids and back: the BPE family of tokenizer.json, with the ids that the Hugging Face library gives.
 *
 * <p>Byte-level vocabularies (GPT-2, Llama 3, Qwen, GPT-NeoX) and those of SentencePiece style with byte fallback (Llama 2).
 * Truncation and padding that the file may state are left out: lengths are the caller's. An unpaired surrogate, which is no
 * character, counts as U+FFFD. Character classes and normal forms are those of the running Java's Unicode (13 in Java 17).
 * Safe for many threads.
 */
public final class Tokenizer {
    private final Bpe bpe;
    private final Vocabulary vocabulary;
    private final AddedTokens added;
    private final PreTokenizer preTokenizer;
    private final TokenTemplate template;
    private final Decoding decoding;
    private final int size;

    private Tokenizer(Section root) {
        Section model = root.object("model");
        if (model.has("type") && !model.type().equals("BPE")) {
            throw model.unsupportedType("BPE");
        }
        vocabulary = Vocabulary.of(model);
        List<AddedToken> tokens = AddedToken.list(root, vocabulary);
        bpe = new Bpe(model, vocabulary, tokens);
        preTokenizer = PreTokenizer.in(root);
        template = TokenTemplate.in(root);
        decoding = Decoding.in(root);
        int end = vocabulary.size();
        for (AddedToken token : tokens) {
            end = Math.max(end, token.id() + 1);
        }
        added = new AddedTokens(tokens, Normalizer.in(root));
        size = end;
    }

    /**
     * Reads a tokenizer.
     *
     * @param tokenizerJson the file's bytes, UTF-8
     * @throws dev.cleave.model.ModelException with {@code UNSUPPORTED} for a component that is not of the BPE family, {@code
     *     MALFORMED} for a file that cannot be read; the message names the place
     */
    public static Tokenizer of(byte[] tokenizerJson) {
        return new Tokenizer(Section.parse(tokenizerJson));
    }

    /** Encodes a text in which special tokens count as such: as {@link #encode(String, boolean, boolean)} with true. */
    public int[] encode(String text, boolean addSpecial) {
        return encode(text, addSpecial, true);
    }

    /**
     * Encodes a text.
     *
     * @param text any
     * @param addSpecial whether the tokens that the file's template puts round a text (such as {@code <s>}) are added
     * @param parseSpecial whether special tokens within the text count as such, or as the characters that they are written
     *     with
     */
    public int[] encode(String text, boolean addSpecial, boolean parseSpecial) {
        return encode(text, addSpecial, parseSpecial ? LiteralRanges.NONE : LiteralRanges.all(text));
    }

    /**
     * Encodes the concatenation of parts as one text, except that no special token is found where it takes a character of a
     * literal part.
     *
     * @param parts in order
     * @param addSpecial whether the tokens of the file's template are added; a chat template usually brings them itself
     */
    public int[] encode(List<TextPart> parts, boolean addSpecial) {
        StringBuilder text = new StringBuilder();
        for (TextPart part : parts) {
            text.append(part.text());
        }
        return encode(text.toString(), addSpecial, LiteralRanges.of(parts));
    }

    private int[] encode(String text, boolean addSpecial, LiteralRanges literal) {
        IntList ids = new IntList();
        if (addSpecial) {
            ids.addAll(template.before());
        }
        Bpe.Run run = bpe.run();
        added.split(Characters.wellFormed(text), literal, new AddedTokens.Sink() {
            @Override
            public void token(int id) {
                ids.add(id);
            }

            @Override
            public void text(String piece, boolean atStart) {
                preTokenizer.split(piece, atStart, (word, start) -> run.encode(word, ids));
            }
        });
        if (addSpecial) {
            ids.addAll(template.behind());
        }
        return ids.toArray();
    }

    /**
     * Decodes ids.
     *
     * @param ids any; one that the tokenizer does not have stands for no text
     * @param skipSpecial whether special tokens are left out
     * @return the text; bytes that are no UTF-8 become U+FFFD
     */
    public String decode(int[] ids, boolean skipSpecial) {
        TextDecoder decoder = decoder(skipSpecial);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(decoder.append(id));
        }
        return text.append(decoder.finish()).toString();
    }

    /** Returns a decoder for one text that leaves special tokens out. */
    public TextDecoder decoder() {
        return decoder(true);
    }

    /**
     * Returns a decoder for one text.
     *
     * @param skipSpecial whether special tokens are left out
     */
    public TextDecoder decoder(boolean skipSpecial) {
        return new TextDecoder(this, decoding, skipSpecial);
    }

    /** Returns the greatest id and one; the model's own vocabulary may be greater. */
    public int vocabularySize() {
        return size;
    }

    /** Returns the id of a token, written as in the file. */
    public OptionalInt id(String token) {
        int id = added.id(token);
        if (id < 0) {
            id = vocabulary.id(token);
        }
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** Returns the texts of the special tokens, sorted. */
    public List<String> specialTokens() {
        return added.special();
    }

    /** Returns the token of an id, or null. */
    String token(int id) {
        AddedToken token = added.get(id);
        return token == null ? vocabulary.token(id) : token.content();
    }

    boolean isSpecial(int id) {
        AddedToken token = added.get(id);
        return token != null && token.special();
    }
}
