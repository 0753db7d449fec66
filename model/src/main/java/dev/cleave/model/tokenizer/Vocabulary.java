package dev.cleave.model.tokenizer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Tokens and their ids, both ways; tokens of one character also without a string. */
final class Vocabulary {
    /** Ids may have gaps, but no more of them than entries: memory follows the file. */
    private static final int SPARE = 4096;

    private static final int DIRECT = 0x3000;

    private final Map<String, Integer> ids = new HashMap<>();
    private final int[] characters = new int[DIRECT];
    private String[] tokens = new String[0];

    private Vocabulary() {
        Arrays.fill(characters, -1);
    }

    static Vocabulary of(Section model) {
        Map<String, Object> entries = model.fields("vocab");
        Vocabulary vocabulary = new Vocabulary();
        int limit = 2 * entries.size() + SPARE;
        for (Map.Entry<String, Object> entry : entries.entrySet()) {
            int id = model.id("vocab", entry.getValue());
            if (id >= limit) {
                throw model.malformed(
                        "vocab",
                        "the id " + id + " is too great for " + entries.size() + " tokens, at most " + (limit - 1));
            }
            vocabulary.add(entry.getKey(), id, limit);
        }
        return vocabulary;
    }

    private void add(String token, int id, int limit) {
        if (id >= tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.min(limit, Math.max(id + 1, tokens.length * 3 / 2)));
        }
        ids.put(token, id);
        tokens[id] = token;
        if (token.length() == 1 && token.charAt(0) < DIRECT) {
            characters[token.charAt(0)] = id;
        }
    }

    /** Returns the id of a token, or -1. */
    int id(String token) {
        Integer id = ids.get(token);
        return id == null ? -1 : id;
    }

    /** Returns the id of a token of one character, or -1. */
    int id(int character) {
        return character < DIRECT ? characters[character] : id(new String(Character.toChars(character)));
    }

    /** Returns the token of an id, or null. */
    String token(int id) {
        return id >= 0 && id < tokens.length ? tokens[id] : null;
    }

    /** Returns the number of tokens, which gaps among the ids make smaller than {@link #size()}. */
    int count() {
        return ids.size();
    }

    /** Returns the greatest id and one. */
    int size() {
        int size = tokens.length;
        while (size > 0 && tokens[size - 1] == null) {
            size--;
        }
        return size;
    }
}
