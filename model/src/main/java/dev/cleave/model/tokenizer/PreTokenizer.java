package dev.cleave.model.tokenizer;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.tokenizer.SplitBehavior.Spans;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a piece of normalized text into words; merges never cross a cut. */
interface PreTokenizer {
    /** Takes words, in order; {@code atStart} where the word begins the whole text. */
    interface Sink {
        void word(String word, boolean atStart);
    }

    /** Cuts nothing. */
    PreTokenizer NONE = (text, atStart, sink) -> sink.word(text, atStart);

    void split(String text, boolean atStart, Sink sink);

    /** Reads the field {@code pre_tokenizer}; null is none. */
    static PreTokenizer in(Section root) {
        return root.has("pre_tokenizer") ? of(root.object("pre_tokenizer")) : NONE;
    }

    private static PreTokenizer of(Section section) {
        switch (section.type()) {
            case "Sequence":
                List<PreTokenizer> steps = new ArrayList<>();
                for (Section step : section.objects("pretokenizers")) {
                    steps.add(of(step));
                }
                return new Chain(steps);
            case "ByteLevel":
                return new ByteLevel(section.flag("add_prefix_space", true), section.flag("use_regex", true));
            case "Digits":
                return new Digits(section.flag("individual_digits", false));
            case "Split":
                return new Split(
                        Pattern.compile(section.pattern("pattern")),
                        section.flag("invert", false),
                        SplitBehavior.of(section));
            case "Metaspace":
                return Metaspace.of(section);
            default:
                throw section.unsupportedType("Sequence, ByteLevel, Digits, Split and Metaspace");
        }
    }

    /** One after another. */
    record Chain(List<PreTokenizer> steps) implements PreTokenizer {
        @Override
        public void split(String text, boolean atStart, Sink sink) {
            split(0, text, atStart, sink);
        }

        private void split(int step, String text, boolean atStart, Sink sink) {
            if (step == steps.size()) {
                sink.word(text, atStart);
            } else {
                steps.get(step).split(text, atStart, (word, start) -> split(step + 1, word, start, sink));
            }
        }
    }

    /** At the matches of an expression. */
    record Split(Pattern pattern, boolean invert, SplitBehavior behavior) implements PreTokenizer {
        @Override
        public void split(String text, boolean atStart, Sink sink) {
            Spans spans = new Spans(text, atStart, behavior, sink);
            Matcher matcher = pattern.matcher(text);
            int done = 0;
            try {
                while (matcher.find()) {
                    spans.add(done, matcher.start(), invert);
                    spans.add(matcher.start(), matcher.end(), !invert);
                    done = matcher.end();
                }
            } catch (StackOverflowError e) {
                // java.util.regex recurses over repeated groups; no expression of the supported models repeats one.
                throw new ModelException(
                        Reason.UNSUPPORTED,
                        "tokenizer.json: the expression " + pattern + " needs more stack than there is on a text of "
                                + text.length() + " characters; use a shorter text");
            }
            spans.add(done, text.length(), invert);
            spans.end();
        }
    }

    /** Numbers, whole or digit by digit. */
    record Digits(boolean individual) implements PreTokenizer {
        @Override
        public void split(String text, boolean atStart, Sink sink) {
            Spans spans =
                    new Spans(text, atStart, individual ? SplitBehavior.ISOLATED : SplitBehavior.CONTIGUOUS, sink);
            int done = 0;
            for (int i = 0, width; i < text.length(); i += width) {
                int c = text.codePointAt(i);
                width = Character.charCount(c);
                if (isNumber(c)) {
                    spans.add(done, i, false);
                    spans.add(i, i + width, true);
                    done = i + width;
                }
            }
            spans.add(done, text.length(), false);
            spans.end();
        }

        private static boolean isNumber(int c) {
            if (c < 0x80) {
                return c >= '0' && c <= '9';
            }
            int type = Character.getType(c);
            return type == Character.DECIMAL_DIGIT_NUMBER
                    || type == Character.LETTER_NUMBER
                    || type == Character.OTHER_NUMBER;
        }
    }

    /** Words by GPT-2's expression, where asked for, then each byte as one character. */
    record ByteLevel(boolean prefixSpace, boolean words) implements PreTokenizer {
        private static final PreTokenizer WORDS = new Split(
                Pattern.compile(RegexTranslator.translate(
                        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                        "ByteLevel")),
                false,
                SplitBehavior.ISOLATED);

        @Override
        public void split(String text, boolean atStart, Sink sink) {
            String prefixed = prefixSpace && !text.startsWith(" ") ? " " + text : text;
            Sink bytes = (word, start) -> sink.word(ByteAlphabet.write(word), start);
            (words ? WORDS : NONE).split(prefixed, atStart, bytes);
        }
    }
}
