package dev.cleave.model.tokenizer;

/**
 * SentencePiece's way with blanks: each becomes a visible character, one may be put in front, and words may begin there.
 *
 * @param replacement the visible character, usually U+2581
 * @param scheme where one is put in front
 * @param cut whether each begins a word
 */
record Metaspace(int replacement, Scheme scheme, boolean cut) implements PreTokenizer {
    /** Where a blank is put in front of a piece that has none. */
    enum Scheme {
        ALWAYS,
        FIRST,
        NEVER
    }

    static Metaspace of(Section section) {
        Scheme scheme = scheme(section);
        if (!section.flag("add_prefix_space", true)) {
            if (scheme != Scheme.NEVER && section.has("prepend_scheme")) {
                throw section.unsupported("add_prefix_space = false with a prepend_scheme", "state only one of them");
            }
            scheme = Scheme.NEVER;
        }
        return new Metaspace(section.character("replacement"), scheme, section.flag("split", true));
    }

    private static Scheme scheme(Section section) {
        if (!section.has("prepend_scheme")) {
            return Scheme.ALWAYS;
        }
        switch (section.string("prepend_scheme")) {
            case "always":
                return Scheme.ALWAYS;
            case "first":
                return Scheme.FIRST;
            case "never":
                return Scheme.NEVER;
            default:
                throw section.unsupported(
                        "prepend_scheme " + section.string("prepend_scheme"), "supported are always, first and never");
        }
    }

    @Override
    public void split(String text, boolean atStart, Sink sink) {
        String mark = new String(Character.toChars(replacement));
        String marked = text.replace(" ", mark);
        boolean prepend = scheme == Scheme.ALWAYS || scheme == Scheme.FIRST && atStart;
        if (prepend && !marked.startsWith(mark)) {
            marked = mark + marked;
        }
        if (!cut) {
            sink.word(marked, atStart);
            return;
        }
        SplitBehavior.Spans spans = new SplitBehavior.Spans(marked, atStart, SplitBehavior.MERGED_WITH_NEXT, sink);
        int done = 0;
        for (int at = marked.indexOf(mark); at >= 0; at = marked.indexOf(mark, done)) {
            spans.add(done, at, false);
            spans.add(at, at + mark.length(), true);
            done = at + mark.length();
        }
        spans.add(done, marked.length(), false);
        spans.end();
    }
}
