package dev.cleave.model.tokenizer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds which of a set of strings begins at a place of a text: the longest one. */
final class TokenTrie {
    private static final class Node {
        private final Map<Character, Node> next = new HashMap<>();
        private AddedToken token;
    }

    private final Node root = new Node();
    private final BitSet firsts = new BitSet();
    private final List<AddedToken> tokens = new ArrayList<>();

    /** Adds a token under the text by which it is found. */
    void add(String text, AddedToken token) {
        if (text.isEmpty()) {
            return;
        }
        Node node = root;
        for (int i = 0; i < text.length(); i++) {
            Node next = node.next.get(text.charAt(i));
            if (next == null) {
                next = new Node();
                node.next.put(text.charAt(i), next);
            }
            node = next;
        }
        firsts.set(text.charAt(0));
        node.token = token;
        tokens.add(token);
    }

    boolean isEmpty() {
        return tokens.isEmpty();
    }

    boolean hasSpecial() {
        for (AddedToken token : tokens) {
            if (token.special()) {
                return true;
            }
        }
        return false;
    }

    /** Returns the first place from {@code from} on where a token begins, or -1. */
    int find(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (firsts.get(text.charAt(i)) && longest(text, i) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the end of the longest token that begins at {@code start}, or -1. */
    int longest(String text, int start) {
        Node node = root;
        int end = -1;
        for (int i = start; i < text.length(); i++) {
            node = node.next.get(text.charAt(i));
            if (node == null) {
                break;
            }
            if (node.token != null) {
                end = i + 1;
            }
        }
        return end;
    }

    /** Returns the token that is found by exactly this part of the text. */
    AddedToken token(String text, int start, int end) {
        Node node = root;
        for (int i = start; i < end; i++) {
            node = node.next.get(text.charAt(i));
        }
        return node.token;
    }
}
