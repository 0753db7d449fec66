package dev.cleave.model.tokenizer;

/** What becomes of the matches at which a text is cut. */
enum SplitBehavior {
    /** Each is a word. */
    ISOLATED,
    /** They vanish. */
    REMOVED,
    /** Neighbouring matches are one word. */
    CONTIGUOUS,
    /** A match ends the word before it. */
    MERGED_WITH_PREVIOUS,
    /** A match begins the word behind it. */
    MERGED_WITH_NEXT;

    static SplitBehavior of(Section section) {
        switch (section.string("behavior")) {
            case "Isolated":
                return ISOLATED;
            case "Removed":
                return REMOVED;
            case "Contiguous":
                return CONTIGUOUS;
            case "MergedWithPrevious":
                return MERGED_WITH_PREVIOUS;
            case "MergedWithNext":
                return MERGED_WITH_NEXT;
            default:
                throw section.unsupported(
                        "behavior " + section.string("behavior"),
                        "supported are Isolated, Removed, Contiguous, MergedWithPrevious and MergedWithNext");
        }
    }

    /** Takes alternating spans of one text, in order, and hands on the words that a behavior makes of them. */
    static final class Spans {
        private final String text;
        private final boolean atStart;
        private final SplitBehavior behavior;
        private final PreTokenizer.Sink sink;
        private int start;
        private int end;
        private boolean previousMatch;

        Spans(String text, boolean atStart, SplitBehavior behavior, PreTokenizer.Sink sink) {
            this.text = text;
            this.atStart = atStart;
            this.behavior = behavior;
            this.sink = sink;
        }

        /** Adds text[from, to), which follows what was added before; an empty one counts for nothing. */
        void add(int from, int to, boolean match) {
            if (from == to) {
                return;
            }
            if (!joins(match)) {
                end();
                start = from;
            }
            end = to;
            previousMatch = match;
            if (behavior == REMOVED && match) {
                start = to;
            }
        }

        private boolean joins(boolean match) {
            switch (behavior) {
                case CONTIGUOUS:
                    return match == previousMatch;
                case MERGED_WITH_PREVIOUS:
                    return match && !previousMatch;
                case MERGED_WITH_NEXT:
                    return !match && previousMatch;
                default:
                    return false;
            }
        }

        /** Hands on the last word. */
        void end() {
            if (start < end) {
                sink.word(text.substring(start, end), atStart && start == 0);
            }
            start = end;
        }
    }
}
