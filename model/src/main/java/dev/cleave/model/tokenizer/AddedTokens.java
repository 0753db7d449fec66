package dev.cleave.model.tokenizer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cuts a text at its added tokens, as the Hugging Face library does: first at those that are looked for in the text as it
 * stands, then, in each normalized piece, at the others.
 */
final class AddedTokens {
    /** Takes what a text falls into, in order. */
    interface Sink {
        /** An added token. */
        void token(int id);

        /** A piece of normalized text between them; {@code atStart} where it begins the whole text. */
        void text(String piece, boolean atStart);
    }

    private interface Spans {
        void token(AddedToken token);

        void text(int start, int end);
    }

    private final TokenTrie raw = new TokenTrie();
    private final TokenTrie normalized = new TokenTrie();
    private final Map<Integer, AddedToken> byId = new HashMap<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final Normalizer normalizer;

    AddedTokens(List<AddedToken> tokens, Normalizer normalizer) {
        this.normalizer = normalizer;
        for (AddedToken token : tokens) {
            byId.put(token.id(), token);
            ids.put(token.content(), token.id());
            if (token.normalized()) {
                normalized.add(normalizer.apply(token.content()), token);
            } else {
                raw.add(token.content(), token);
            }
        }
    }

    /** Returns the added token of an id, or null. */
    AddedToken get(int id) {
        return byId.get(id);
    }

    /** Returns the id of an added token, or -1. */
    int id(String content) {
        Integer id = ids.get(content);
        return id == null ? -1 : id;
    }

    /** Returns the texts of the special ones. */
    List<String> special() {
        List<String> contents = new ArrayList<>();
        for (AddedToken token : byId.values()) {
            if (token.special()) {
                contents.add(token.content());
            }
        }
        Collections.sort(contents);
        return contents;
    }

    void split(String text, LiteralRanges literal, Sink sink) {
        split(text, raw, literal, new Spans() {
            @Override
            public void token(AddedToken token) {
                sink.token(token.id());
            }

            @Override
            public void text(int start, int end) {
                normalizeAndSplit(text, start, end, literal, sink);
            }
        });
    }

    private void normalizeAndSplit(String text, int start, int end, LiteralRanges literal, Sink sink) {
        String piece = normalizer.apply(text.substring(start, end));
        LiteralRanges moved = normalized.hasSpecial() && literal.touches(start, end)
                ? literal.within(text, start, end, normalizer)
                : LiteralRanges.NONE;
        split(piece, normalized, moved, new Spans() {
            @Override
            public void token(AddedToken token) {
                sink.token(token.id());
            }

            @Override
            public void text(int from, int to) {
                sink.text(piece.substring(from, to), start == 0 && from == 0);
            }
        });
    }

    private static void split(String text, TokenTrie trie, LiteralRanges literal, Spans spans) {
        int done = 0;
        int at = trie.isEmpty() ? -1 : trie.find(text, 0);
        while (at >= 0) {
            int end = trie.longest(text, at);
            AddedToken token = trie.token(text, at, end);
            if (token.special() && literal.touches(at, end)) {
                at = trie.find(text, at + 1);
                continue;
            }
            int next = end;
            if (!token.singleWord() || standsAlone(text, at, end)) {
                int start = token.lstrip() ? Math.max(blanksBefore(text, at), done) : at;
                if (token.rstrip()) {
                    end = blanksBehind(text, end);
                }
                if (done < start) {
                    spans.text(done, start);
                }
                // Blanks between two tokens that both take them leave a token of blanks nothing to stand for.
                if (start < end) {
                    spans.token(token);
                }
                done = end;
            }
            at = trie.find(text, next);
        }
        if (done < text.length()) {
            spans.text(done, text.length());
        }
    }

    private static boolean standsAlone(String text, int start, int end) {
        return (start == 0 || !Characters.isWord(text.codePointBefore(start)))
                && (end == text.length() || !Characters.isWord(text.codePointAt(end)));
    }

    private static int blanksBefore(String text, int start) {
        int at = start;
        while (at > 0 && Characters.isWhiteSpace(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    private static int blanksBehind(String text, int end) {
        int at = end;
        while (at < text.length() && Characters.isWhiteSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }
}
