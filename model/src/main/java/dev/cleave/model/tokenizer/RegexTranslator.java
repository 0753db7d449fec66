package dev.cleave.model.tokenizer;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Writes a regular expression of Oniguruma (with Unicode, as the Hugging Face library runs it) for java.util.regex, so that
 * desktop and Android take it alike: every shorthand becomes an explicit set, letters without regard to case become sets,
 * and what has no sure equal is refused. Groups never capture, since nothing asks for what they caught.
 */
final class RegexTranslator {
    private static final String PLAIN_ESCAPES = "rntfvae";

    /** Pairs of letters to which single characters fold, such as sharp s and ligatures; also three of them begin so. */
    private static final String FOLDED_PAIRS = "ss ff fi fl st ";

    /**
     * A branch that never matches. Only where an expression names a character beyond U+FFFF does java.util.regex look for
     * matches, and look behind, by code points; elsewhere it may begin in the middle of a surrogate pair.
     */
    private static final String CODE_POINTS = "|\ud840\udc00[^\\s\\S]";

    private static final Pattern FOUR_DIGITS = Pattern.compile("[0-9a-fA-F]{4}");
    private static final Pattern DIGITS = Pattern.compile("\\{[0-9a-fA-F]{1,6}\\}|[0-9a-fA-F]{2}");

    private final String regex;
    private final String path;
    private final StringBuilder out = new StringBuilder();
    private final List<String> complements = new ArrayList<>();
    private int at;
    private int atom;
    private boolean ignoreCase;

    private RegexTranslator(String regex, String path) {
        this.regex = regex;
        this.path = path;
    }

    /** Returns the expression that matches exactly this text. */
    static String literal(String text) {
        StringBuilder quoted = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            RegexSets.append(quoted, text.charAt(i));
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
        String translated = translator.out + CODE_POINTS;
        try {
            Pattern.compile(translated);
        } catch (PatternSyntaxException e) {
            throw translator.malformed(e.getDescription());
        }
        return translated;
    }

    private void alternatives() {
        boolean outside = ignoreCase;
        int options = 0;
        while (at < regex.length() && regex.charAt(at) != ')') {
            if (regex.startsWith("(?i)", at) || regex.startsWith("(?-i)", at)) {
                // It holds for the rest of the group, the further alternatives included, as if that were a group.
                ignoreCase = regex.charAt(at + 2) == 'i';
                at = regex.indexOf(')', at) + 1;
                out.append("(?:");
                options++;
            } else {
                element();
            }
        }
        for (; options > 0; options--) {
            out.append(')');
        }
        ignoreCase = outside;
    }

    private void element() {
        char c = regex.charAt(at++);
        if ("|?*+{".indexOf(c) < 0) {
            atom = out.length();
        }
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
                // Of a line, always; behind the line feed that ends the text none begins.
                out.append("(?:(?<![\\s\\S])|(?<=\\n)(?=[\\s\\S]))");
                break;
            case '$':
                out.append("(?:(?=\\n)|(?<!\\n)(?![\\s\\S]))");
                break;
            default:
                letter(c);
        }
    }

    /** A sign behind a count means other things than in Java: the counted thing itself is repeated, or may be missing. */
    private void counts() {
        int close = regex.indexOf('}', at);
        String counts = close < 0 ? "" : regex.substring(at, close);
        if (!counts.matches("[0-9]{1,4}(,[0-9]{0,4})?")) {
            throw unsupported("the brace at " + (at - 1));
        }
        at = close + 1;
        out.append('{').append(counts).append('}');
        char sign = at < regex.length() ? regex.charAt(at) : 0;
        if (sign == '{') {
            throw unsupported("a count behind a count");
        }
        if (sign == '+' || sign == '*' || sign == '?' && counts.indexOf(',') < 0) {
            out.insert(atom, "(?:").append(')').append(sign);
            at++;
        } else if (sign == '?') {
            out.append('?');
            at++;
        }
    }

    private void group() {
        for (String kind : new String[] {"?:", "?=", "?!", "?<=", "?<!", "?>"}) {
            if (regex.startsWith(kind, at)) {
                at += kind.length();
                inside("(" + kind, ignoreCase);
                return;
            }
        }
        if (regex.startsWith("?i:", at) || regex.startsWith("?-i:", at)) {
            boolean caseless = regex.charAt(at + 1) == 'i';
            at = regex.indexOf(':', at) + 1;
            inside("(?:", caseless);
        } else if (at < regex.length() && regex.charAt(at) == '?') {
            throw unsupported("the group (" + regex.substring(at, Math.min(at + 4, regex.length())) + "…");
        } else {
            inside("(?:", ignoreCase);
        }
    }

    private void inside(String opening, boolean caseless) {
        boolean outside = ignoreCase;
        ignoreCase = caseless;
        int start = out.length();
        out.append(opening);
        alternatives();
        if (at >= regex.length()) {
            throw malformed("a parenthesis is not closed");
        }
        at++;
        out.append(')');
        atom = start;
        ignoreCase = outside;
    }

    private void letter(char c) {
        if (!ignoreCase || c < 0x80 && !Character.isLetter(c)) {
            RegexSets.append(out, c);
            return;
        }
        if (c > 0x7f) {
            throw unsupported("a letter beyond ASCII without regard to case");
        }
        if (at < regex.length() && FOLDED_PAIRS.contains("" + lower(c) + lower(regex.charAt(at)) + " ")) {
            throw unsupported(
                    "letters that one character may stand for (" + c + regex.charAt(at) + ") without regard to case");
        }
        out.append('[');
        caseless(c);
        out.append(']');
    }

    private static char lower(char c) {
        return Character.toLowerCase(c);
    }

    private void caseless(char c) {
        char lower = lower(c);
        out.append(lower).append(Character.toUpperCase(c));
        // The two characters beyond ASCII that fold to ASCII letters: long s and the Kelvin sign.
        out.append(lower == 's' ? "\\u017f" : lower == 'k' ? "\\u212a" : "");
    }

    /** A set; complements within it, such as \\S, are put apart, because engines differ on sets within a negated one. */
    private void bracket() {
        boolean negated = at < regex.length() && regex.charAt(at) == '^';
        at += negated ? 1 : 0;
        StringBuilder outer = new StringBuilder(out);
        out.setLength(0);
        complements.clear();
        int first = at;
        while (at < regex.length() && (regex.charAt(at) != ']' || at == first)) {
            char c = regex.charAt(at++);
            if (c == '\\') {
                escape(true);
            } else if (c == '[' || c == '&' && regex.startsWith("&", at)) {
                throw unsupported("a set within a set");
            } else if (c == '-' && at - 1 > first && at < regex.length() && regex.charAt(at) != ']') {
                out.append('-');
            } else if (ignoreCase && beforeRange()) {
                caselessRange(c);
            } else if (ignoreCase && c < 0x80 && Character.isLetter(c)) {
                caseless(c);
            } else if (ignoreCase && c > 0x7f) {
                throw unsupported("a letter beyond ASCII without regard to case");
            } else {
                RegexSets.append(out, c);
            }
        }
        if (at >= regex.length()) {
            throw malformed("a bracket is not closed");
        }
        at++;
        String items = out.toString();
        out.setLength(0);
        out.append(outer).append(RegexSets.of(negated, items, complements));
    }

    private boolean beforeRange() {
        return at + 1 < regex.length() && regex.charAt(at) == '-' && regex.charAt(at + 1) != ']';
    }

    /** A range of small or of capital ASCII letters stands for both; one without letters for itself. */
    private void caselessRange(char first) {
        char last = regex.charAt(at + 1);
        boolean letters = Character.isLetter(first) && Character.isLetter(last);
        boolean bare = first < 'A' && last < 'A';
        if (last == '\\'
                || !bare && !(letters && last < 0x80 && Character.isLowerCase(first) == Character.isLowerCase(last))) {
            throw unsupported("the range " + first + "-" + last + " without regard to case");
        }
        at += 2;
        RegexSets.append(out, first);
        out.append('-');
        RegexSets.append(out, last);
        if (letters) {
            char lower = lower(first);
            out.append(lower).append('-').append(lower(last));
            out.append(Character.toUpperCase(first)).append('-').append(Character.toUpperCase(last));
            out.append(lower <= 's' && lower(last) >= 's' ? "\\u017f" : "");
            out.append(lower <= 'k' && lower(last) >= 'k' ? "\\u212a" : "");
        }
    }

    private void escape(boolean inSet) {
        if (at >= regex.length()) {
            throw malformed("it ends in a backslash");
        }
        char c = regex.charAt(at++);
        if (c == 's' || c == 'S') {
            shorthand(Characters.WHITE_SPACE, c == 'S', inSet);
        } else if (c == 'd' || c == 'D') {
            shorthand("\\p{Nd}", c == 'D', inSet);
        } else if (c == 'w' || c == 'W') {
            shorthand(Characters.WORD, c == 'W', inSet);
        } else if (c == 'h' || c == 'H') {
            shorthand("0-9a-fA-F", c == 'H', inSet);
        } else if ((c == 'b' || c == 'B') && !inSet) {
            out.append(RegexSets.boundary(c == 'b'));
        } else if ((c == 'A' || c == 'z') && !inSet) {
            out.append(c == 'A' ? "(?<![\\s\\S])" : "(?![\\s\\S])");
        } else if (c == 'p' || c == 'P') {
            category(c == 'P', inSet);
        } else if (c == 'u' || c == 'x') {
            character(c);
        } else if (PLAIN_ESCAPES.indexOf(c) >= 0) {
            RegexSets.append(out, "\r\n\t\f\u000b\u0007\u001b".charAt(PLAIN_ESCAPES.indexOf(c)));
        } else if (c < 0x80 && !Character.isLetterOrDigit(c)) {
            RegexSets.append(out, c);
        } else {
            throw unsupported("\\" + c + (inSet ? " in a set" : ""));
        }
    }

    private void shorthand(String items, boolean complement, boolean inSet) {
        if (!inSet) {
            out.append(complement ? "[^" : "[").append(items).append(']');
        } else if (complement) {
            complements.add(items);
        } else {
            out.append(items);
        }
    }

    /** \\uhhhh, \\x{h…} and, for ASCII, \\xhh. */
    private void character(char kind) {
        String rest = regex.substring(at, Math.min(regex.length(), at + 10));
        Matcher hex = (kind == 'u' ? FOUR_DIGITS : DIGITS).matcher(rest);
        if (!hex.lookingAt()) {
            throw unsupported("\\" + kind + rest);
        }
        boolean braces = rest.startsWith("{");
        String digits = braces ? rest.substring(1, hex.end() - 1) : hex.group();
        int codePoint = Integer.parseInt(digits, 16);
        if (codePoint > Character.MAX_CODE_POINT || kind == 'x' && !braces && codePoint > 0x7f) {
            throw unsupported("\\" + kind + hex.group());
        }
        at += hex.end();
        if (ignoreCase && Character.isLetter(codePoint)) {
            throw unsupported("a letter written as \\" + kind + " without regard to case");
        }
        for (char c : Character.toChars(codePoint)) {
            RegexSets.append(out, c);
        }
    }

    private void category(boolean complement, boolean inSet) {
        int close = regex.indexOf('}', at);
        String name = close < 0 || regex.charAt(at) != '{' ? "" : regex.substring(at + 1, close);
        boolean circumflex = name.startsWith("^");
        String items = Characters.property(circumflex ? name.substring(1) : name);
        if (items == null) {
            throw unsupported("the property " + regex.substring(at - 2, Math.max(close + 1, at)));
        }
        at = close + 1;
        shorthand(items, complement != circumflex, inSet);
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
