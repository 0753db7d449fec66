package dev.cleave.model.tokenizer;

/** Takes tokens as text, each in one or more parts. A decoder is a chain of them. */
interface TokenSink {
    /** A part of the current token. */
    void text(String part);

    /** The current token is complete. */
    void endToken();

    /** No more tokens follow. */
    void finish();

    /** The end of a chain: all text, one after another. */
    final class Collector implements TokenSink {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void text(String part) {
            text.append(part);
        }

        @Override
        public void endToken() {}

        @Override
        public void finish() {}

        /** Returns what came since the last call. */
        String drain() {
            String drained = text.toString();
            text.setLength(0);
            return drained;
        }
    }
}
