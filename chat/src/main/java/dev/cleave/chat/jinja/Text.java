package dev.cleave.chat.jinja;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.BiConsumer;

/**
 * A text as Python has it, a sequence of code points, that knows for each of them whether the template wrote it or somebody
 * else. Whatever is made of a text keeps that: a slice, an upper-case letter, a replacement's surroundings.
 *
 * <p>An opaque text may be passed through and put together with others only: looking at it is an error of kind {@code OPAQUE}.
 * What was rendered with opaque contents holds for every content. Immutable.
 */
public final class Text {
    static final Text EMPTY = new Text(new int[0], new BitSet(), false);

    private final int[] points;
    private final BitSet foreign;
    private final boolean opaque;
    private String string;

    Text(int[] points, BitSet foreign, boolean opaque) {
        this.points = points;
        this.foreign = foreign;
        this.opaque = opaque;
    }

    /** Returns a text of the template's own. */
    public static Text of(String text) {
        return new Text(text.codePoints().toArray(), new BitSet(), false);
    }

    /** Returns a text that somebody else wrote. */
    public static Text foreign(String text) {
        int[] points = text.codePoints().toArray();
        BitSet all = new BitSet();
        all.set(0, points.length);
        return new Text(points, all, false);
    }

    /** Returns a foreign text that may not be looked at. */
    public static Text opaque(String text) {
        Text seen = foreign(text);
        return new Text(seen.points, seen.foreign, true);
    }

    int length() {
        look();
        return points.length;
    }

    int at(int index) {
        look();
        return points[index];
    }

    boolean foreignAt(int index) {
        return foreign.get(index);
    }

    Text slice(int from, int to) {
        look();
        return from == 0 && to == points.length
                ? this
                : new Text(Arrays.copyOfRange(points, from, to), foreign.get(from, to), false);
    }

    void appendTo(TextBuilder builder) {
        builder.append(points, foreign, opaque);
    }

    /** Returns the characters, opaque or not. */
    public String written() {
        return shown();
    }

    /** Tells the longest runs of characters that all, or none of them, are foreign. */
    public void runs(BiConsumer<String, Boolean> to) {
        for (int from = 0; from < points.length; ) {
            boolean isForeign = foreign.get(from);
            int end = isForeign ? foreign.nextClearBit(from) : foreign.nextSetBit(from);
            int until = end < 0 ? points.length : Math.min(end, points.length);
            to.accept(new String(points, from, until - from), isForeign);
            from = until;
        }
    }

    String shown() {
        if (string == null) {
            string = new String(points, 0, points.length);
        }
        return string;
    }

    @Override
    public String toString() {
        look();
        return shown();
    }

    @Override
    public boolean equals(Object other) {
        look();
        if (!(other instanceof Text)) {
            return false;
        }
        ((Text) other).look();
        return Arrays.equals(points, ((Text) other).points);
    }

    @Override
    public int hashCode() {
        look();
        return Arrays.hashCode(points);
    }

    private void look() {
        if (opaque) {
            throw new JinjaException(JinjaException.Kind.OPAQUE, "it looks at what messages say");
        }
    }
}
