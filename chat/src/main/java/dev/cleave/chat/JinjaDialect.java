package dev.cleave.chat;

import dev.cleave.chat.JinjaLexer.Kind;
import dev.cleave.chat.JinjaLexer.Piece;
import dev.cleave.chat.JinjaLexer.Token;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes a template so that Jinjava does with it what Jinja2 does with the original. Jinjava binds {@code not} more tightly
 * than comparisons and tests, knows no {@code if} and no {@code else} of a {@code for} (and says nothing), and has its own
 * ideas of white space. What cannot be written otherwise becomes a refusal that is spoken when the template gets there.
 */
final class JinjaDialect {
    private static final Set<String> ENDS_OF_NOT = Set.of("and", "or", "if", "else", ",", ")", "]", "}", ":", "=");

    private final List<Piece> pieces;
    private final StringBuilder out = new StringBuilder();
    private final Deque<Block> blocks = new ArrayDeque<>();

    /** A tag that waits for its end. */
    private static final class Block {
        private final String name;
        private final boolean filtered;

        Block(String name, boolean filtered) {
            this.name = name;
            this.filtered = filtered;
        }
    }

    private JinjaDialect(List<Piece> pieces) {
        this.pieces = pieces;
    }

    /**
     * Translates a template.
     *
     * @throws ModelException with {@code MALFORMED} or {@code UNSUPPORTED}, naming the line
     */
    static String translate(String template) {
        JinjaDialect dialect = new JinjaDialect(JinjaLexer.cut(template));
        for (int i = 0; i < dialect.pieces.size(); i++) {
            dialect.write(i);
        }
        return dialect.out.toString();
    }

    private void write(int index) {
        Piece piece = pieces.get(index);
        if (piece.kind() == Kind.TEXT) {
            out.append(piece.text());
        } else if (piece.kind() == Kind.OUTPUT) {
            out.append("{{ ").append(expression(piece, 0, -1).trim()).append(" }}");
        } else if (!piece.tokens().isEmpty()) {
            tag(index, piece, piece.tokens().get(0).text());
        }
    }

    private void tag(int index, Piece piece, String name) {
        switch (name) {
            case "raw":
                throw new ModelException(
                        Reason.UNSUPPORTED,
                        "the model's chat template cannot be rendered: line " + piece.line()
                                + ": the tag raw is not supported");
            case "for":
                beginFor(index, piece);
                return;
            case "if":
                blocks.push(new Block("if", false));
                break;
            case "else":
                if (!blocks.isEmpty() && blocks.peek().name.equals("for")) {
                    return;
                }
                break;
            case "endif":
                blocks.poll();
                break;
            case "endfor":
                Block block = blocks.poll();
                if (block != null && block.filtered) {
                    out.append("{% endif %}");
                }
                break;
            default:
                break;
        }
        out.append("{% ").append(expression(piece, 0, -1).trim()).append(" %}");
    }

    private void beginFor(int index, Piece piece) {
        int condition = condition(piece.tokens());
        int end = end(index);
        if (hasElse(index, end)) {
            refuse(piece, "else of a for");
        }
        if (condition >= 0 && mentions(index, end, "loop")) {
            refuse(piece, "if in a for whose body counts its rounds");
        }
        blocks.push(new Block("for", condition >= 0));
        out.append("{% ").append(expression(piece, 0, condition).trim()).append(" %}");
        if (condition >= 0) {
            out.append("{% ").append(expression(piece, condition, -1).trim()).append(" %}");
        }
    }

    private void refuse(Piece piece, String what) {
        out.append("{{ ").append(TemplateRefusal.UNSUPPORTED).append("('line ").append(piece.line());
        out.append(": ").append(what).append("') }}");
    }

    /** Returns the token that is the {@code if} of a {@code for}, or -1. */
    private static int condition(List<Token> tokens) {
        int depth = 0;
        for (int i = 0; i < tokens.size(); i++) {
            depth += depth(tokens.get(i).text());
            if (depth == 0 && tokens.get(i).text().equals("if")) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the piece that ends the {@code for} of a piece, or the number of pieces. */
    private int end(int index) {
        int depth = 0;
        for (int i = index; i < pieces.size(); i++) {
            depth += isTag(i, "for") ? 1 : isTag(i, "endfor") ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return pieces.size();
    }

    private boolean hasElse(int index, int end) {
        Deque<String> open = new ArrayDeque<>();
        for (int i = index; i < end; i++) {
            if (isTag(i, "for") || isTag(i, "if")) {
                open.push(isTag(i, "for") ? "for" : "if");
            } else if (isTag(i, "endfor") || isTag(i, "endif")) {
                open.poll();
            } else if (isTag(i, "else") && open.size() == 1) {
                return true;
            }
        }
        return false;
    }

    private boolean mentions(int index, int end, String name) {
        return pieces.subList(index, end).stream()
                .anyMatch(piece ->
                        piece.tokens().stream().anyMatch(token -> token.text().equals(name)));
    }

    private boolean isTag(int index, String name) {
        Piece piece = pieces.get(index);
        return piece.kind() == Kind.TAG
                && !piece.tokens().isEmpty()
                && piece.tokens().get(0).text().equals(name);
    }

    /** Returns the text of tokens [from, to) with parentheses round what {@code not} denies. */
    private static String expression(Piece piece, int from, int to) {
        List<Token> tokens =
                piece.tokens().subList(from, to < 0 ? piece.tokens().size() : to);
        TreeMap<Integer, StringBuilder> inserts = new TreeMap<>();
        for (int i = 0; i < tokens.size(); i++) {
            if (isPrefixNot(tokens, i) && i + 1 < tokens.size()) {
                insert(inserts, tokens.get(i).end(), " (");
                insert(inserts, tokens.get(operandEnd(tokens, i + 1)).end(), ")");
            }
        }
        StringBuilder text = new StringBuilder();
        int done = tokens.isEmpty() ? 0 : tokens.get(0).start();
        for (Token token : tokens) {
            text.append(piece.text(), done, token.start());
            text.append(constant(tokens, token));
            done = token.end();
            text.append(inserts.getOrDefault(done, new StringBuilder()));
        }
        return text.toString();
    }

    private static void insert(TreeMap<Integer, StringBuilder> inserts, int at, String text) {
        inserts.computeIfAbsent(at, offset -> new StringBuilder()).append(text);
    }

    private static boolean isPrefixNot(List<Token> tokens, int i) {
        return tokens.get(i).text().equals("not")
                && !(i > 0 && tokens.get(i - 1).text().equals("is"))
                && !(i + 1 < tokens.size() && tokens.get(i + 1).text().equals("in"));
    }

    private static int operandEnd(List<Token> tokens, int start) {
        int depth = 0;
        for (int i = start; i < tokens.size(); i++) {
            if (depth == 0 && ENDS_OF_NOT.contains(tokens.get(i).text()) && !isEquality(tokens, i)) {
                return Math.max(start, i - 1);
            }
            depth += depth(tokens.get(i).text());
        }
        return tokens.size() - 1;
    }

    /** Operators of two characters come as two tokens. */
    private static boolean isEquality(List<Token> tokens, int i) {
        return tokens.get(i).text().equals("=")
                && (i + 1 < tokens.size() && tokens.get(i + 1).text().equals("=")
                        || "=!<>".contains(tokens.get(i - 1).text()));
    }

    private static int depth(String token) {
        return "([{".contains(token) ? 1 : ")]}".contains(token) ? -1 : 0;
    }

    private static String constant(List<Token> tokens, Token token) {
        int index = tokens.indexOf(token);
        if (index > 0 && tokens.get(index - 1).text().equals(".")) {
            return token.text();
        }
        switch (token.text()) {
            case "True":
                return "true";
            case "False":
                return "false";
            case "None":
                return "none";
            default:
                return token.text();
        }
    }
}
