package dev.cleave.model.tokenizer;

/** The stages of decoders that make characters of bytes. */
final class ByteStages {
    private static final String REPLACEMENT = "\ufffd";

    private ByteStages() {}

    /** Byte-level tokens: each character is a byte, and characters may begin in one token and end in another. */
    static final class Level implements TokenSink {
        private final TokenSink next;
        private final StringBuilder token = new StringBuilder();
        private final Utf8Assembler characters = new Utf8Assembler();

        Level(TokenSink next) {
            this.next = next;
        }

        @Override
        public void text(String part) {
            token.append(part);
        }

        @Override
        public void endToken() {
            StringBuilder complete = new StringBuilder();
            characters.append(ByteAlphabet.read(token.toString()), complete);
            token.setLength(0);
            next.text(complete.toString());
        }

        @Override
        public void finish() {
            StringBuilder rest = new StringBuilder();
            characters.finish(rest);
            next.text(rest.toString());
            next.endToken();
            next.finish();
        }
    }

    /**
     * Tokens like {@code <0x0A>} are bytes. A run of them is text where the whole run is valid UTF-8, and otherwise U+FFFD
     * for each byte, as the Hugging Face library has it: so nothing of a run can be shown before it ends.
     */
    static final class Fallback implements TokenSink {
        private static final int LENGTH = "<0x00>".length();

        private final TokenSink next;
        private final StringBuilder token = new StringBuilder();
        private final Utf8Assembler characters = new Utf8Assembler();
        private final StringBuilder run = new StringBuilder();
        private int bytes;

        Fallback(TokenSink next) {
            this.next = next;
        }

        @Override
        public void text(String part) {
            token.append(part);
        }

        @Override
        public void endToken() {
            String text = token.toString();
            token.setLength(0);
            int value = value(text);
            if (value >= 0) {
                bytes++;
                characters.append(new byte[] {(byte) value}, run);
                return;
            }
            endRun();
            next.text(text);
            next.endToken();
        }

        @Override
        public void finish() {
            endRun();
            next.finish();
        }

        private void endRun() {
            if (bytes == 0) {
                return;
            }
            characters.finish(run);
            if (characters.malformed()) {
                for (int i = 0; i < bytes; i++) {
                    next.text(REPLACEMENT);
                    next.endToken();
                }
            } else {
                next.text(run.toString());
                next.endToken();
            }
            run.setLength(0);
            bytes = 0;
            characters.reset();
        }

        private static int value(String token) {
            if (token.length() != LENGTH || !token.startsWith("<0x") || token.charAt(LENGTH - 1) != '>') {
                return -1;
            }
            int high = digit(token.charAt(3));
            int low = digit(token.charAt(4));
            return high < 0 || low < 0 ? -1 : 16 * high + low;
        }

        private static int digit(char c) {
            return c < 0x80 ? Character.digit(c, 16) : -1;
        }
    }
}
