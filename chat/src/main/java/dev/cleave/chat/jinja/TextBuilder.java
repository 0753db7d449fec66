package dev.cleave.chat.jinja;

import java.util.Arrays;
import java.util.BitSet;

/** Puts a text together, at most {@value #MAX_LENGTH} code points. */
final class TextBuilder {
    static final int MAX_LENGTH = 8 << 20;

    private int[] points = new int[64];
    private int length;
    private final BitSet foreign = new BitSet();
    private boolean opaque;

    TextBuilder append(Text text) {
        text.appendTo(this);
        return this;
    }

    /** Appends text of the template's own. */
    TextBuilder append(String text) {
        return append(Text.of(text));
    }

    TextBuilder append(int point, boolean isForeign) {
        reserve(1);
        foreign.set(length, isForeign);
        points[length++] = point;
        return this;
    }

    /** Appends what stands for a code point of another text, and is as foreign as that. */
    TextBuilder append(String text, boolean isForeign) {
        text.codePoints().forEach(point -> append(point, isForeign));
        return this;
    }

    void append(int[] more, BitSet theirs, boolean hidden) {
        reserve(more.length);
        System.arraycopy(more, 0, points, length, more.length);
        for (int from = theirs.nextSetBit(0); from >= 0; from = theirs.nextSetBit(from)) {
            int to = theirs.nextClearBit(from);
            foreign.set(length + from, length + to);
            from = to;
        }
        length += more.length;
        opaque |= hidden;
    }

    int length() {
        return length;
    }

    Text text() {
        return length == 0 && !opaque
                ? Text.EMPTY
                : new Text(Arrays.copyOf(points, length), (BitSet) foreign.clone(), opaque);
    }

    private void reserve(int more) {
        if (more > MAX_LENGTH - length) {
            throw new JinjaException(
                    JinjaException.Kind.LIMIT, "it makes a text of more than " + MAX_LENGTH + " characters");
        }
        if (length + more > points.length) {
            points = Arrays.copyOf(points, Math.max(length + more, points.length * 2));
        }
    }
}
