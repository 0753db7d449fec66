package dev.cleave.chat.jinja;

import dev.cleave.chat.jinja.Token.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The tokens of a template, one at a time, and what their parser has seen. */
final class TokenStream {
    private static final int MAX_DEPTH = 200;

    private final List<Token> tokens;
    private int at;
    private int depth;
    private Set<String> named = new HashSet<>();

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(at);
    }

    Token look() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = current();
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    int line() {
        return current().line();
    }

    boolean skip(Kind kind, String text) {
        boolean found = current().is(kind, text);
        if (found) {
            next();
        }
        return found;
    }

    boolean skipOperator(String text) {
        return skip(Kind.OPERATOR, text);
    }

    boolean skipName(String text) {
        return skip(Kind.NAME, text);
    }

    void expectOperator(String text) {
        if (!skipOperator(text)) {
            throw fail("'" + text + "' is expected, found " + current());
        }
    }

    Token expect(Kind kind) {
        if (current().kind() != kind) {
            throw fail("a " + kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + " is expected, found "
                    + current());
        }
        return next();
    }

    String name() {
        return (String) expect(Kind.NAME).value();
    }

    JinjaException fail(String why) {
        return JinjaException.syntax(why, line());
    }

    void deeper() {
        if (++depth > MAX_DEPTH) {
            throw new JinjaException(JinjaException.Kind.LIMIT, "it nests more than " + MAX_DEPTH + " deep").at(line());
        }
    }

    void back() {
        depth--;
    }

    void mention(String name) {
        named.add(name);
    }

    /** Begins a part whose names are to be known; returns those before it. */
    Set<String> beginNames() {
        Set<String> before = named;
        named = new HashSet<>();
        return before;
    }

    /** Ends the part: returns its names, which count for what is round it as well. */
    Set<String> endNames(Set<String> before) {
        Set<String> names = named;
        before.addAll(names);
        named = before;
        return names;
    }
}
