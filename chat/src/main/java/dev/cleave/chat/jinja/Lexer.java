package dev.cleave.chat.jinja;

import dev.cleave.chat.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens, with {@code trim_blocks} and {@code lstrip_blocks}; the last line end of the template does not
 * count, and all line ends are {@code \n}.
 */
final class Lexer {
    private static final String BLANKS = "[" + Characters.PYTHON_BLANKS + "]*";
    private static final Pattern RAW_BEGIN =
            Pattern.compile("\\{%([-+]?)" + BLANKS + "raw" + BLANKS + "(?:-%\\}" + BLANKS + "|%\\})");
    private static final Pattern RAW_END =
            Pattern.compile("\\{%([-+]?)" + BLANKS + "endraw" + BLANKS + "(?:\\+%\\}|-%\\}" + BLANKS + "|%\\}\n?)");
    private static final Pattern COMMENT_END = Pattern.compile("(?:\\+#\\}|-#\\}" + BLANKS + "|#\\}\n?)");
    private static final Pattern BLOCK_END = Pattern.compile("(?:\\+%\\}|-%\\}" + BLANKS + "|%\\}\n?)");
    private static final Pattern VARIABLE_END = Pattern.compile("(?:-\\}\\}" + BLANKS + "|\\}\\})");
    private static final Pattern SPACE = Pattern.compile("[" + Characters.PYTHON_BLANKS + "]+");
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{Nl}_][\\p{L}\\p{Nl}\\p{Mn}\\p{Mc}\\p{Nd}\\p{Pc}]*");
    private static final Pattern STRING = Pattern.compile(
            "'([^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+)'|\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"", Pattern.DOTALL);
    private static final Pattern FLOAT = Pattern.compile("(?:\\d+_)*\\d+(?:\\.(?:\\d+_)*\\d+[eE][+-]?(?:\\d+_)*\\d+"
            + "|[eE][+-]?(?:\\d+_)*\\d+|\\.(?:\\d+_)*\\d+)");
    private static final Pattern INTEGER =
            Pattern.compile("0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?\\d)*|0(?:_?0)*");
    private static final Pattern OPERATOR = Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}<>=.:|,;]");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private boolean lineStarts = true;

    private Lexer(String source) {
        this.source = source;
    }

    /** Returns the tokens, with an end behind them. */
    static List<Token> tokens(String template) {
        String unified = template.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(unified.endsWith("\n") ? unified.substring(0, unified.length() - 1) : unified);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (at < source.length()) {
            int begin = nextBegin(at);
            if (begin < 0) {
                data(source.substring(at));
                at = source.length();
                break;
            }
            char kind = source.charAt(begin + 1);
            Matcher raw = RAW_BEGIN.matcher(source).region(begin, source.length());
            if (kind == '%' && raw.lookingAt()) {
                before(begin, raw.group(1), true);
                move(raw.end());
                rawData();
                continue;
            }
            String sign = sign(begin + 2);
            before(begin, sign, kind != '{');
            move(begin + 2 + sign.length());
            if (kind == '#') {
                comment();
            } else {
                add(kind == '%' ? Kind.BLOCK_BEGIN : Kind.VARIABLE_BEGIN, "{" + kind);
                inside(kind == '%' ? BLOCK_END : VARIABLE_END, kind == '%' ? Kind.BLOCK_END : Kind.VARIABLE_END);
            }
        }
        add(Kind.END, "");
    }

    private int nextBegin(int from) {
        for (int i = source.indexOf('{', from); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            if ("{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private String sign(int index) {
        return index < source.length() && "-+".indexOf(source.charAt(index)) >= 0
                ? source.substring(index, index + 1)
                : "";
    }

    /** Adds the data before a tag, without the blanks that the tag takes away. */
    private void before(int begin, String sign, boolean stripsLine) {
        String text = source.substring(at, begin);
        String kept = text;
        if (sign.equals("-")) {
            kept = text.substring(0, Characters.endWithoutBlanks(text));
        } else if (!sign.equals("+") && stripsLine) {
            int lineBegin = text.lastIndexOf('\n') + 1;
            if ((lineBegin > 0 || lineStarts) && Characters.endWithoutBlanks(text.substring(lineBegin)) == 0) {
                kept = text.substring(0, lineBegin);
            }
        }
        data(kept);
        move(begin);
    }

    private void data(String text) {
        if (!text.isEmpty()) {
            add(Kind.DATA, text);
        }
    }

    private void rawData() {
        Matcher end = RAW_END.matcher(source);
        if (!end.find(at)) {
            throw JinjaException.syntax("Missing end of raw directive", line);
        }
        before(end.start(), end.group(1), true);
        move(end.end());
    }

    private void comment() {
        Matcher end = COMMENT_END.matcher(source);
        if (!end.find(at)) {
            throw JinjaException.syntax("Missing end of comment tag", line);
        }
        move(end.end());
    }

    private void inside(Pattern endPattern, Kind endKind) {
        Deque<Character> open = new ArrayDeque<>();
        while (at < source.length()) {
            Matcher end = endPattern.matcher(source).region(at, source.length());
            if (open.isEmpty() && end.lookingAt()) {
                add(endKind, end.group().trim());
                move(end.end());
                return;
            }
            Matcher space = SPACE.matcher(source).region(at, source.length());
            if (space.lookingAt()) {
                move(space.end());
            } else {
                token(open);
            }
        }
        throw JinjaException.syntax("the template ends within a tag", line);
    }

    private void token(Deque<Character> open) {
        for (Pattern pattern : List.of(FLOAT, INTEGER, NAME, STRING, OPERATOR)) {
            Matcher found = pattern.matcher(source).region(at, source.length());
            if (found.lookingAt()) {
                String text = found.group();
                if (pattern == OPERATOR) {
                    balance(open, text.charAt(0));
                    add(Kind.OPERATOR, text);
                } else if (pattern == NAME) {
                    add(Kind.NAME, text);
                } else if (pattern == STRING) {
                    add(Kind.STRING, StringLiteral.unescape(text.substring(1, text.length() - 1), line));
                } else {
                    add(Kind.NUMBER, number(text, pattern == FLOAT));
                }
                move(found.end());
                return;
            }
        }
        throw JinjaException.syntax("unexpected char '" + source.charAt(at) + "'", line);
    }

    private void balance(Deque<Character> open, char operator) {
        int opening = "({[".indexOf(operator);
        int closing = ")}]".indexOf(operator);
        if (opening >= 0) {
            open.push(")}]".charAt(opening));
        } else if (closing >= 0 && (open.isEmpty() || open.pop() != operator)) {
            throw JinjaException.syntax("unexpected '" + operator + "'", line);
        }
    }

    private Object number(String text, boolean isFloat) {
        String digits = text.replace("_", "");
        try {
            if (isFloat) {
                return Double.valueOf(digits);
            }
            int radix = digits.length() < 3 ? 10 : "xX".indexOf(digits.charAt(1)) >= 0 ? 16 : 10;
            radix = digits.length() > 2 && "oO".indexOf(digits.charAt(1)) >= 0 ? 8 : radix;
            radix = digits.length() > 2 && "bB".indexOf(digits.charAt(1)) >= 0 ? 2 : radix;
            return Long.valueOf(radix == 10 ? digits : digits.substring(2), radix);
        } catch (NumberFormatException e) {
            throw JinjaException.unsupported("an integer of more than 64 bits").at(line);
        }
    }

    private void add(Kind kind, Object value) {
        tokens.add(new Token(kind, value, line));
    }

    private void move(int to) {
        for (int i = at; i < to; i++) {
            line += source.charAt(i) == '\n' ? 1 : 0;
        }
        if (to > at) {
            lineStarts = source.charAt(to - 1) == '\n';
        }
        at = to;
    }
}
