package dev.cleave.model.tokenizer;

import java.util.regex.Pattern;

/** The stages of decoders that work on characters. */
final class DecodeStages {
    private DecodeStages() {}

    /** Passes everything on. */
    private abstract static class Stage implements TokenSink {
        final TokenSink next;

        Stage(TokenSink next) {
            this.next = next;
        }

        @Override
        public void text(String part) {
            next.text(part);
        }

        @Override
        public void endToken() {
            next.endToken();
        }

        @Override
        public void finish() {
            next.finish();
        }
    }

    /** A blank between tokens. */
    static final class Join extends Stage {
        private boolean waiting;

        Join(TokenSink next) {
            super(next);
        }

        @Override
        public void text(String part) {
            blank();
            next.text(part);
        }

        @Override
        public void endToken() {
            blank();
            waiting = true;
        }

        private void blank() {
            if (waiting) {
                next.text(" ");
            }
            waiting = false;
        }
    }

    /** All tokens become one. */
    static final class Fuse extends Stage {
        Fuse(TokenSink next) {
            super(next);
        }

        @Override
        public void endToken() {}

        @Override
        public void finish() {
            next.endToken();
            next.finish();
        }
    }

    /** Takes up to so many of one character off both ends of each token. */
    static final class Strip extends Stage {
        private final int content;
        private final int start;
        private final int stop;
        private final StringBuilder held = new StringBuilder();
        private int stripped;
        private boolean begun;

        Strip(TokenSink next, int content, int start, int stop) {
            super(next);
            this.content = content;
            this.start = start;
            this.stop = stop;
        }

        @Override
        public void text(String part) {
            int at = 0;
            while (!begun && at < part.length()) {
                if (stripped < start && part.codePointAt(at) == content) {
                    stripped++;
                    at += Character.charCount(content);
                } else {
                    begun = true;
                }
            }
            held.append(part, at, part.length());
            // Only the last `stop` characters can still be taken off.
            int surplus = held.codePointCount(0, held.length()) - stop;
            if (surplus > 0) {
                int end = held.offsetByCodePoints(0, surplus);
                next.text(held.substring(0, end));
                held.delete(0, end);
            }
        }

        @Override
        public void endToken() {
            int end = held.length();
            for (int i = 0; i < stop && end > 0 && held.codePointBefore(end) == content; i++) {
                end -= Character.charCount(content);
            }
            next.text(held.substring(0, end));
            held.setLength(0);
            stripped = 0;
            begun = false;
            next.endToken();
        }
    }

    /** Replaces every match within a token. */
    static final class Replace extends Stage {
        private final Pattern pattern;
        private final String replacement;
        private final StringBuilder token = new StringBuilder();

        Replace(TokenSink next, Pattern pattern, String replacement) {
            super(next);
            this.pattern = pattern;
            this.replacement = replacement;
        }

        @Override
        public void text(String part) {
            token.append(part);
        }

        @Override
        public void endToken() {
            next.text(pattern.matcher(token).replaceAll(replacement));
            token.setLength(0);
            next.endToken();
        }
    }

    /** Makes blanks of the visible character; the first token loses its own. */
    static final class Blanks extends Stage {
        private final String mark;
        private final boolean dropsFirst;
        private boolean first = true;

        Blanks(TokenSink next, Metaspace metaspace) {
            super(next);
            mark = new String(Character.toChars(metaspace.replacement()));
            dropsFirst = metaspace.scheme() != Metaspace.Scheme.NEVER;
        }

        @Override
        public void text(String part) {
            next.text(part.replace(mark, first && dropsFirst ? "" : " "));
        }

        @Override
        public void endToken() {
            first = false;
            next.endToken();
        }
    }
}
