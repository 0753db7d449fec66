package dev.cleave.model.tokenizer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A token that is looked for in the text before the model sees it.
 *
 * @param id of the token
 * @param content text
 * @param singleWord whether it only counts between characters that are no part of a word
 * @param lstrip whether it takes the blanks before it
 * @param rstrip whether it takes the blanks behind it
 * @param normalized whether it is looked for in the normalized text
 * @param special whether it is a marker rather than text
 */
record AddedToken(
        int id,
        String content,
        boolean singleWord,
        boolean lstrip,
        boolean rstrip,
        boolean normalized,
        boolean special) {

    /** Reads a token; its id is the one that it is given, not the one that the file states. */
    static AddedToken of(Section section, int id) {
        boolean special = section.flag("special", false);
        return new AddedToken(
                id,
                section.string("content"),
                section.flag("single_word", false),
                section.flag("lstrip", false),
                section.flag("rstrip", false),
                section.flag("normalized", !special),
                special);
    }

    /**
     * Reads the field {@code added_tokens} as the reference does. A token that the vocabulary has keeps that id; any other gets
     * the next one behind all, in the file's order, whatever id the file states. One that comes twice counts as it stands the
     * last time, but stays special once it was; one without content does not count.
     */
    static List<AddedToken> list(Section root, Vocabulary vocabulary) {
        Map<String, AddedToken> tokens = new LinkedHashMap<>();
        int greatest = -1;
        for (Section section : root.has("added_tokens") ? root.objects("added_tokens") : new ArrayList<Section>()) {
            String content = section.string("content");
            if (content.isEmpty()) {
                continue;
            }
            AddedToken earlier = tokens.get(content);
            int id = earlier != null ? earlier.id : vocabulary.id(content);
            if (id < 0) {
                id = greatest >= vocabulary.count() ? greatest + 1 : vocabulary.count();
                if (vocabulary.token(id) != null) {
                    throw section.malformed(
                            "content",
                            "\"" + content + "\" would get the id " + id + ", which the vocabulary gives to \""
                                    + vocabulary.token(id) + "\"");
                }
            }
            AddedToken token = of(section, id);
            tokens.put(content, earlier != null && earlier.special ? token.asSpecial() : token);
            greatest = Math.max(greatest, id);
        }
        return new ArrayList<>(tokens.values());
    }

    private AddedToken asSpecial() {
        return new AddedToken(id, content, singleWord, lstrip, rstrip, normalized, true);
    }
}
