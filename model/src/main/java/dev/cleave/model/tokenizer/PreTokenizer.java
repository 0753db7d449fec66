package dev.cleave.model.tokenizer;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.tokenizer.SplitBehavior.Spans;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
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

    /** At white space, which vanishes. */
    PreTokenizer BLANKS_REMOVED = new Kinds(Characters::isWhiteSpace, SplitBehavior.REMOVED);

    /** Runs of characters of words, runs of others; white space vanishes. */
    PreTokenizer WORDS_AND_SIGNS = new Split(
            Pattern.compile(
                    "[" + Characters.UNICODE_WORD + "]+|[^" + Characters.UNICODE_WORD + Characters.WHITE_SPACE + "]+"),
            true,
            SplitBehavior.REMOVED);

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
                return new Kinds(
                        Characters::isNumber,
                        section.flag("individual_digits", false) ? SplitBehavior.ISOLATED : SplitBehavior.CONTIGUOUS);
            case "Punctuation":
                return new Kinds(
                        Characters::isPunctuation,
                        section.has("behavior") ? SplitBehavior.of(section) : SplitBehavior.ISOLATED);
            case "Whitespace":
                return WORDS_AND_SIGNS;
            case "WhitespaceSplit":
                return BLANKS_REMOVED;
            case "BertPreTokenizer":
                return new Chain(List.of(BLANKS_REMOVED, new Kinds(Characters::isPunctuation, SplitBehavior.ISOLATED)));
            case "CharDelimiterSplit":
                int delimiter = section.character("delimiter");
                return new Kinds(c -> c == delimiter, SplitBehavior.REMOVED);
            case "Split":
                return new Split(
                        Pattern.compile(section.pattern("pattern")),
                        section.flag("invert", false),
                        SplitBehavior.of(section));
            case "Metaspace":
                return Metaspace.of(section);
            default:
                throw section.unsupportedType("Sequence, ByteLevel, Digits, Punctuation, Split, Metaspace, Whitespace,"
                        + " WhitespaceSplit, BertPreTokenizer and CharDelimiterSplit");
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
                // Behind an empty match the search goes on by a whole character, not within a surrogate pair.
                for (int from = 0; from <= text.length() && matcher.find(from); ) {
                    spans.add(done, matcher.start(), invert);
                    spans.add(matcher.start(), matcher.end(), !invert);
                    done = matcher.end();
                    boolean empty = matcher.start() == done;
                    int width = empty && done < text.length() ? Character.charCount(text.codePointAt(done)) : 1;
                    from = empty ? done + width : done;
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

    /** At the characters of a kind. */
    record Kinds(IntPredicate kind, SplitBehavior behavior) implements PreTokenizer {
        @Override
        public void split(String text, boolean atStart, Sink sink) {
            Spans spans = new Spans(text, atStart, behavior, sink);
            int done = 0;
            for (int i = 0, width; i < text.length(); i += width) {
                int c = text.codePointAt(i);
                width = Character.charCount(c);
                if (kind.test(c)) {
                    spans.add(done, i, false);
                    spans.add(i, i + width, true);
                    done = i + width;
                }
            }
            spans.add(done, text.length(), false);
            spans.end();
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
