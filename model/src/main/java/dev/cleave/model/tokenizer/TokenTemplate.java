package dev.cleave.model.tokenizer;

import java.util.List;

/**
 * The field {@code post_processor}: which special tokens stand before and behind a text.
 *
 * @param before ids
 * @param behind ids
 */
record TokenTemplate(int[] before, int[] behind) {
    private static final TokenTemplate NONE = new TokenTemplate(new int[0], new int[0]);

    static TokenTemplate in(Section root) {
        return root.has("post_processor") ? of(root.object("post_processor")) : NONE;
    }

    private static TokenTemplate of(Section section) {
        switch (section.type()) {
            case "ByteLevel":
                // It only mends offsets, which nobody here asks for.
                return NONE;
            case "BertProcessing":
            case "RobertaProcessing":
                return new TokenTemplate(new int[] {pair(section, "cls")}, new int[] {pair(section, "sep")});
            case "Sequence":
                TokenTemplate all = NONE;
                for (Section processor : section.objects("processors")) {
                    all = all.within(of(processor));
                }
                return all;
            case "TemplateProcessing":
                return template(section);
            default:
                throw section.unsupportedType(
                        "Sequence, ByteLevel, TemplateProcessing, BertProcessing and RobertaProcessing");
        }
    }

    /** Reads a token that is written as its text and its id. */
    private static int pair(Section section, String name) {
        List<Object> pair = section.list(name);
        if (pair.size() != 2) {
            throw section.malformed(name, "a token and its id are expected, found " + pair);
        }
        return section.id(name, pair.get(1));
    }

    private TokenTemplate within(TokenTemplate outer) {
        return new TokenTemplate(join(outer.before, before), join(behind, outer.behind));
    }

    private static int[] join(int[] first, int[] second) {
        IntList joined = new IntList();
        joined.addAll(first);
        joined.addAll(second);
        return joined.toArray();
    }

    private static TokenTemplate template(Section section) {
        IntList before = new IntList();
        IntList behind = new IntList();
        boolean passed = false;
        for (Section piece : section.objects("single")) {
            if (piece.has("Sequence")) {
                if (passed) {
                    throw section.unsupported("a template that repeats the text", "it may stand there once");
                }
                passed = true;
            } else {
                String name = piece.object("SpecialToken").string("id");
                Section token = section.object("special_tokens").object(name);
                for (Object id : token.list("ids")) {
                    (passed ? behind : before).add(token.id("ids", id));
                }
            }
        }
        if (!passed) {
            throw section.unsupported("a template without the text", "it must stand there once");
        }
        return new TokenTemplate(before.toArray(), behind.toArray());
    }
}
