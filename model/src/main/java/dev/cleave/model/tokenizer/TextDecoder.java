package dev.cleave.model.tokenizer;

/**
 * Makes text of tokens as they come. What {@link #append} and, last, {@link #finish} return is, put together, what {@link
 * Tokenizer#decode} makes of all of them; no piece splits a character. For one text and one thread.
 */
public final class TextDecoder {
    private final Tokenizer tokenizer;
    private final boolean skipSpecial;
    private final TokenSink.Collector collector = new TokenSink.Collector();
    private final TokenSink chain;

    TextDecoder(Tokenizer tokenizer, Decoding decoding, boolean skipSpecial) {
        this.tokenizer = tokenizer;
        this.skipSpecial = skipSpecial;
        chain = decoding.chain(collector);
    }

    /**
     * Takes the next token.
     *
     * @param id of the token; one that the tokenizer does not have stands for no text
     * @return the text that is complete now, often empty: an incomplete character waits, and so does a run of byte tokens of
     *     a SentencePiece-style vocabulary, whose end decides what it means
     */
    public String append(int id) {
        String token = tokenizer.token(id);
        if (token == null || skipSpecial && tokenizer.isSpecial(id)) {
            return "";
        }
        chain.text(token);
        chain.endToken();
        return collector.drain();
    }

    /** Ends the text and returns what was waiting; an incomplete character becomes U+FFFD. */
    public String finish() {
        chain.finish();
        return collector.drain();
    }
}
