package dev.cleave.model.tokenizer;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.util.regex.PatternSyntaxException;

/**
 * Writes a regular expression of Oniguruma (with Unicode, as the Hugging Face library runs it) for java.util.regex, so that
 * desktop and Android take it alike: every shorthand becomes an explicit set, letters without regard to case become sets,
 * and what has no sure equal is refused.
 */
final class RegexTranslator {
    private static final String PLAIN_ESCAPES = "rntfv";

    private final String regex;
    private final String path;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private boolean ignoreCase;

    private RegexTranslator(String regex, String path) {
        this.regex = regex;
        this.path = path;
    }

    /** Returns the expression that matches exactly this text. */
    static String literal(String text) {
        StringBuilder quoted = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            append(quoted, text.charAt(i));
        }
        return quoted.toString();
    }

    /**
     * Translates an expression.
     *
     * @param path where it stands, for messages
     */
    static String translate(String regex, String path) {
        RegexTranslator translator = new RegexTranslator(regex, path);
        translator.alternatives();
        if (translator.at < regex.length()) {
            throw translator.malformed("a parenthesis too many");
        }
        String translated = translator.out.toString();
        try {
            java.util.regex.Pattern.compile(translated);
        } catch (PatternSyntaxException e) {
            throw translator.malformed(e.getDescription());
        }
        return translated;
    }

    private void alternatives() {
        boolean outside = ignoreCase;
        while (at < regex.length() && regex.charAt(at) != ')') {
            element();
        }
        ignoreCase = outside;
    }

    private void element() {
        char c = regex.charAt(at++);
        switch (c) {
            case '(':
                group();
                break;
            case '[':
                bracket();
                break;
            case '\\':
                escape(false);
                break;
            case '.':
                out.append("[^\\n]");
                break;
            case '|':
            case '?':
            case '*':
            case '+':
                out.append(c);
                break;
            case '{':
                counts();
                break;
            case '^':
            case '$':
                throw unsupported("the anchor " + c);
            default:
                letter(c);
        }
    }

    private void counts() {
        int close = regex.indexOf('}', at);
        String counts = close < 0 ? "" : regex.substring(at, close);
        if (!counts.matches("[0-9]{1,4}(,[0-9]{0,4})?")) {
            throw unsupported("the brace at " + (at - 1));
        }
        at = close + 1;
        if (at < regex.length() && "?+".indexOf(regex.charAt(at)) >= 0) {
            throw unsupported("a lazy or possessive count");
        }
        out.append('{').append(counts).append('}');
    }

    private void group() {
        for (String kind : new String[] {"?:", "?=", "?!", "?<=", "?<!", "?>"}) {
            if (regex.startsWith(kind, at)) {
                at += kind.length();
                inside("(" + kind, ignoreCase);
                return;
            }
        }
        if (regex.startsWith("?i:", at)) {
            at += 3;
            inside("(?:", true);
        } else if (at < regex.length() && regex.charAt(at) == '?') {
            throw unsupported("the group (" + regex.substring(at, Math.min(at + 4, regex.length())) + "…");
        } else {
            inside("(?:", ignoreCase);
        }
    }

    private void inside(String opening, boolean caseless) {
        boolean outside = ignoreCase;
        ignoreCase = caseless;
        out.append(opening);
        alternatives();
        if (at >= regex.length()) {
            throw malformed("a parenthesis is not closed");
        }
        at++;
        out.append(')');
        ignoreCase = outside;
    }

    private void letter(char c) {
        if (!ignoreCase) {
            append(out, c);
            return;
        }
        if (c > 0x7f) {
            throw unsupported("a letter beyond ASCII without regard to case");
        }
        if (!Character.isLetter(c)) {
            append(out, c);
            return;
        }
        char lower = Character.toLowerCase(c);
        out.append('[').append(lower).append(Character.toUpperCase(c));
        // The two characters beyond ASCII that fold to ASCII letters: long s and the Kelvin sign.
        out.append(lower == 's' ? "\\u017f" : lower == 'k' ? "\\u212a" : "").append(']');
    }

    private void bracket() {
        out.append('[');
        if (at < regex.length() && regex.charAt(at) == '^') {
            at++;
            out.append('^');
        }
        if (ignoreCase) {
            throw unsupported("a set without regard to case");
        }
        int first = at;
        while (at < regex.length() && (regex.charAt(at) != ']' || at == first)) {
            char c = regex.charAt(at++);
            if (c == '\\') {
                escape(true);
            } else if (c == '[' || c == '&' && regex.startsWith("&", at)) {
                throw unsupported("a set within a set");
            } else if (c == '-' && at - 1 > first && at < regex.length() && regex.charAt(at) != ']') {
                out.append('-');
            } else {
                append(out, c);
            }
        }
        if (at >= regex.length()) {
            throw malformed("a bracket is not closed");
        }
        at++;
        out.append(']');
    }

    private void escape(boolean inSet) {
        if (at >= regex.length()) {
            throw malformed("it ends in a backslash");
        }
        char c = regex.charAt(at++);
        if (c == 's') {
            out.append(inSet ? Characters.WHITE_SPACE : "[" + Characters.WHITE_SPACE + "]");
        } else if (c == 'S' && !inSet) {
            out.append("[^").append(Characters.WHITE_SPACE).append(']');
        } else if (c == 'd') {
            out.append("\\p{Nd}");
        } else if (c == 'p' || c == 'P') {
            category(c);
        } else if (PLAIN_ESCAPES.indexOf(c) >= 0) {
            append(out, "\r\n\t\f\u000b".charAt(PLAIN_ESCAPES.indexOf(c)));
        } else if (c < 0x80 && !Character.isLetterOrDigit(c)) {
            append(out, c);
        } else {
            throw unsupported("\\" + c + (inSet ? " in a set" : ""));
        }
    }

    private void category(char kind) {
        int close = regex.indexOf('}', at);
        String name = close < 0 || regex.charAt(at) != '{' ? "" : regex.substring(at + 1, close);
        if (!name.matches("[LMNPSZC][a-z]?")) {
            throw unsupported("the property " + regex.substring(at - 2, Math.max(close + 1, at)));
        }
        out.append('\\').append(kind).append('{').append(name).append('}');
        at = close + 1;
    }

    private static void append(StringBuilder out, char c) {
        if (c < 0x20 || c == 0x7f) {
            out.append(String.format("\\u%04x", (int) c));
        } else if (c < 0x80 && !Character.isLetterOrDigit(c)) {
            out.append('\\').append(c);
        } else {
            out.append(c);
        }
    }

    private ModelException unsupported(String what) {
        return new ModelException(
                Reason.UNSUPPORTED,
                "tokenizer.json: " + path + ": the expression " + regex + " uses " + what + ", which is not supported");
    }

    private ModelException malformed(String what) {
        return new ModelException(
                Reason.MALFORMED, "tokenizer.json: " + path + ": the expression " + regex + " is not valid: " + what);
    }
}
