package dev.cleave.model.tokenizer;

import dev.cleave.model.TextPart;
import java.util.ArrayList;
import java.util.List;

/** The parts of a text in which special tokens are plain text: what a user typed. */
final class LiteralRanges {
    /** No such part. */
    static final LiteralRanges NONE = new LiteralRanges(new ArrayList<>());

    private final List<int[]> ranges;

    private LiteralRanges(List<int[]> ranges) {
        this.ranges = ranges;
    }

    /** Returns the whole of a text. */
    static LiteralRanges all(String text) {
        LiteralRanges all = new LiteralRanges(new ArrayList<>());
        all.add(0, text.length());
        return all;
    }

    /** Returns where the literal parts lie in the parts' concatenation. */
    static LiteralRanges of(List<TextPart> parts) {
        LiteralRanges literal = new LiteralRanges(new ArrayList<>());
        int start = 0;
        for (TextPart part : parts) {
            int end = start + part.text().length();
            if (part.literal()) {
                literal.add(start, end);
            }
            start = end;
        }
        return literal;
    }

    private void add(int start, int end) {
        if (start < end) {
            ranges.add(new int[] {start, end});
        }
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** Returns whether any character of [start, end) is literal. */
    boolean touches(int start, int end) {
        // Ranges ascend; conversations have few.
        for (int[] range : ranges) {
            if (range[0] < end && start < range[1]) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns where the ranges lie in the normalized form of text[start, end): a boundary lands behind as many characters
     * as the text before it normalizes to.
     */
    LiteralRanges within(String text, int start, int end, Normalizer normalizer) {
        LiteralRanges moved = new LiteralRanges(new ArrayList<>());
        int whole = normalizer.apply(text.substring(start, end)).length();
        for (int[] range : ranges) {
            if (range[0] < end && start < range[1]) {
                int from = normalizer
                        .apply(text.substring(start, Math.max(start, range[0])))
                        .length();
                int to = range[1] >= end
                        ? whole
                        : normalizer.apply(text.substring(start, range[1])).length();
                moved.add(from, to);
            }
        }
        return moved;
    }
}
