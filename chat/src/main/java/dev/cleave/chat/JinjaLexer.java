package dev.cleave.chat;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a template into text and tags as Jinja2 does with {@code trim_blocks} and {@code lstrip_blocks}: comments are gone, and
 * so is the white space that tags take away. Jinjava's own rules for that differ in places.
 */
final class JinjaLexer {
    /** What a piece of a template is. */
    enum Kind {
        TEXT,
        OUTPUT,
        TAG
    }

    /**
     * A piece of a template.
     *
     * @param text itself; of a tag, what stands between its delimiters
     * @param line of the template in which it begins, from 1
     * @param tokens of a tag
     */
    record Piece(Kind kind, String text, int line, List<Token> tokens) {}

    /**
     * A token of a tag: a name, a number, a string with its quotes, or an operator.
     *
     * @param start of it in the piece's text
     */
    record Token(String text, int start) {
        int end() {
            return start + text.length();
        }
    }

    private final String source;
    private final List<Piece> pieces = new ArrayList<>();
    private int at;
    private int line = 1;
    private int counted;

    private JinjaLexer(String source) {
        this.source = source;
    }

    /**
     * Cuts a template.
     *
     * @throws ModelException with {@code MALFORMED} for a tag, comment or string that does not end
     */
    static List<Piece> cut(String template) {
        // Jinja2 reads any line end as a line feed, and drops one at the very end.
        String lines = template.replace("\r\n", "\n").replace('\r', '\n');
        JinjaLexer lexer = new JinjaLexer(lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines);
        lexer.run();
        return lexer.pieces;
    }

    private void run() {
        while (at < source.length()) {
            int begin = nextDelimiter();
            int textStart = at;
            if (begin < 0) {
                add(Kind.TEXT, source.substring(at), new ArrayList<>());
                return;
            }
            char kind = source.charAt(begin + 1);
            char sign = begin + 2 < source.length() ? source.charAt(begin + 2) : ' ';
            boolean lineStarting = textStart == 0 || source.charAt(textStart - 1) == '\n';
            add(Kind.TEXT, before(source.substring(textStart, begin), kind, sign, lineStarting), new ArrayList<>());
            at = begin + 2 + (sign == '-' || sign == '+' ? 1 : 0);
            if (kind == '#') {
                comment(begin);
            } else {
                tag(kind == '{' ? Kind.OUTPUT : Kind.TAG, begin);
            }
        }
    }

    private int nextDelimiter() {
        for (int i = source.indexOf('{', at); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            if ("{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private static String before(String text, char kind, char sign, boolean lineStarting) {
        if (sign == '-') {
            return PythonText.strip(text, null, false, true);
        }
        int lastLine = text.lastIndexOf('\n') + 1;
        boolean blank =
                PythonText.strip(text.substring(lastLine), null, true, true).isEmpty();
        return sign != '+' && kind != '{' && blank && (lastLine > 0 || lineStarting)
                ? text.substring(0, lastLine)
                : text;
    }

    private void comment(int begin) {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw malformed(begin, "the comment does not end");
        }
        char sign = end > at ? source.charAt(end - 1) : ' ';
        at = end + 2;
        after(sign, true);
    }

    private void tag(Kind kind, int begin) {
        String close = kind == Kind.OUTPUT ? "}}" : "%}";
        int start = at;
        List<Token> tokens = new ArrayList<>();
        Deque<Character> open = new ArrayDeque<>();
        while (true) {
            while (at < source.length() && PythonText.isSpace(source.charAt(at))) {
                at++;
            }
            if (at >= source.length()) {
                throw malformed(begin, "the tag does not end");
            }
            char c = source.charAt(at);
            boolean signed = (c == '-' || c == '+' && kind == Kind.TAG) && source.startsWith(close, at + 1);
            if (open.isEmpty() && (signed || source.startsWith(close, at))) {
                break;
            }
            String token = token(begin);
            if ("([{".contains(token)) {
                open.push(token.charAt(0));
            } else if (")]}".contains(token) && open.poll() == null) {
                throw malformed(begin, "there is a " + token + " too many");
            }
            tokens.add(new Token(token, at - start));
            at += token.length();
        }
        add(kind, source.substring(start, at), tokens);
        char sign = source.charAt(at);
        at += sign == '-' || sign == '+' ? 3 : 2;
        after(sign, kind == Kind.TAG);
    }

    /** Skips the white space that the end of a tag takes. */
    private void after(char sign, boolean trimsLine) {
        if (sign == '-') {
            while (at < source.length() && PythonText.isSpace(source.charAt(at))) {
                at++;
            }
        } else if (sign != '+' && trimsLine && at < source.length() && source.charAt(at) == '\n') {
            at++;
        }
    }

    private String token(int begin) {
        char c = source.charAt(at);
        int end = at + 1;
        if (c == '\'' || c == '"') {
            while (end < source.length() && source.charAt(end) != c) {
                end += source.charAt(end) == '\\' ? 2 : 1;
            }
            if (end >= source.length()) {
                throw malformed(begin, "a string does not end");
            }
            end++;
        } else if (Character.isJavaIdentifierStart(c)) {
            while (end < source.length() && Character.isJavaIdentifierPart(source.charAt(end))) {
                end++;
            }
        } else if (c >= '0' && c <= '9') {
            while (end < source.length() && Character.isDigit(source.charAt(end))) {
                end++;
            }
        }
        return source.substring(at, end);
    }

    private void add(Kind kind, String text, List<Token> tokens) {
        for (; counted < at; counted++) {
            line += source.charAt(counted) == '\n' ? 1 : 0;
        }
        if (kind != Kind.TEXT || !text.isEmpty()) {
            pieces.add(new Piece(kind, text, line, tokens));
        }
    }

    private ModelException malformed(int begin, String problem) {
        long before = source.substring(0, begin).chars().filter(c -> c == '\n').count();
        return new ModelException(
                Reason.MALFORMED, "the model's chat template is not valid: line " + (before + 1) + ": " + problem);
    }
}
