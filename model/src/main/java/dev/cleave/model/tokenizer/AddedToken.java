package dev.cleave.model.tokenizer;

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

    static AddedToken of(Section section) {
        String content = section.string("content");
        if (content.isEmpty()) {
            throw section.malformed("content", "it is empty");
        }
        boolean special = section.flag("special", false);
        return new AddedToken(
                section.count("id"),
                content,
                section.flag("single_word", false),
                section.flag("lstrip", false),
                section.flag("rstrip", false),
                section.flag("normalized", !special),
                special);
    }
}
