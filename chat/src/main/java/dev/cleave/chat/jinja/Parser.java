package dev.cleave.chat.jinja;

import dev.cleave.chat.jinja.Statement.Flow;
import dev.cleave.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads a template's statements. */
final class Parser {
    private final TokenStream tokens;
    private final ExpressionParser expressions;

    private Parser(TokenStream tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    static Statement parse(String template) {
        Parser parser = new Parser(new TokenStream(Lexer.tokens(template)));
        return parser.body(Set.of(), "");
    }

    /** Statements until one of the ends, of which the name is left to be read. */
    private Statement body(Set<String> ends, String of) {
        tokens.deeper();
        List<Statement> statements = new ArrayList<>();
        List<Integer> lines = new ArrayList<>();
        while (tokens.current().kind() != Kind.END) {
            Token token = tokens.next();
            lines.add(token.line());
            if (token.kind() == Kind.DATA) {
                statements.add(new Statement.Data(Text.of((String) token.value())));
            } else if (token.kind() == Kind.VARIABLE_BEGIN) {
                statements.add(new Statement.Print(expressions.tuple(true)));
                tokens.expect(Kind.VARIABLE_END);
            } else if (ends.contains(String.valueOf(tokens.current().value()))) {
                tokens.back();
                return new Statement.Block(statements, lines);
            } else {
                statements.add(statement());
                tokens.expect(Kind.BLOCK_END);
            }
        }
        if (!ends.isEmpty()) {
            throw tokens.fail("the template ends before the end of '" + of + "'");
        }
        tokens.back();
        return new Statement.Block(statements, lines);
    }

    /** The body behind the head of a statement, with its end read. */
    private Statement block(String of) {
        tokens.expect(Kind.BLOCK_END);
        Statement body = body(Set.of("end" + of), of);
        tokens.next();
        return body;
    }

    private Statement statement() {
        int line = tokens.line();
        String name = tokens.name();
        switch (name) {
            case "for":
                return loop();
            case "if":
                return condition();
            case "set":
                return set();
            case "macro":
                return macro();
            case "call":
                return call();
            case "filter":
                Expression filters =
                        expressions.filters(expressions.filter(new Expression.Name(Statement.Capture.BODY)));
                return new Statement.Capture(null, block(name), filters);
            case "with":
                return with();
            case "generation":
                return new Statement.Generation(block(name));
            case "break":
                return new Statement.Jump(Flow.BREAK);
            case "continue":
                return new Statement.Jump(Flow.CONTINUE);
            default:
                if (Set.of("autoescape", "block", "extends", "from", "import", "include", "print", "do", "trans")
                        .contains(name)) {
                    throw JinjaException.unsupported("the statement '" + name + "'")
                            .at(line);
                }
                throw JinjaException.syntax("Encountered unknown tag '" + name + "'.", line);
        }
    }

    private Target target(boolean member) {
        if (member && tokens.look().isOperator(".")) {
            String namespace = tokens.name();
            tokens.next();
            return new Target.Member(namespace, tokens.name());
        }
        List<Target> targets = new ArrayList<>();
        boolean several = false;
        do {
            if (tokens.current().isName("in") || tokens.current().isOperator("=")) {
                break;
            }
            if (tokens.skipOperator("(")) {
                targets.add(target(false));
                tokens.expectOperator(")");
            } else {
                targets.add(new Target.Variable(tokens.name()));
            }
            several |= tokens.current().isOperator(",");
        } while (tokens.skipOperator(","));
        if (targets.isEmpty()) {
            throw tokens.fail("a name is expected, found " + tokens.current());
        }
        return several ? new Target.Several(targets) : targets.get(0);
    }

    private Statement loop() {
        Target target = target(false);
        if (!tokens.skipName("in")) {
            throw tokens.fail("'in' is expected, found " + tokens.current());
        }
        Expression over = expressions.tuple(false);
        Expression filter = tokens.skipName("if") ? expressions.expression() : null;
        boolean recursive = tokens.skipName("recursive");
        tokens.expect(Kind.BLOCK_END);
        Statement body = body(Set.of("endfor", "else"), "for");
        Statement otherwise = new Statement.Block(List.of(), List.of());
        if (tokens.next().isName("else")) {
            otherwise = block("for");
        }
        return new Statement.For(target, over, filter, recursive, body, otherwise);
    }

    private Statement condition() {
        Expression test = expressions.tuple(false);
        tokens.expect(Kind.BLOCK_END);
        Statement then = body(Set.of("elif", "else", "endif"), "if");
        Statement otherwise = new Statement.Block(List.of(), List.of());
        Token next = tokens.next();
        if (next.isName("elif")) {
            otherwise = condition();
        } else if (next.isName("else")) {
            otherwise = block("if");
        }
        return new Statement.If(test, then, otherwise);
    }

    private Statement set() {
        Target target = target(true);
        if (tokens.skipOperator("=")) {
            return new Statement.Assign(target, expressions.tuple(true));
        }
        Expression filters = expressions.filters(new Expression.Name(Statement.Capture.BODY));
        return new Statement.Capture(target, block("set"), filters);
    }

    private Statement with() {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (tokens.current().kind() != Kind.BLOCK_END) {
            if (!targets.isEmpty()) {
                tokens.expectOperator(",");
            }
            targets.add(new Target.Variable(tokens.name()));
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        return new Statement.With(targets, values, block("with"));
    }

    private Statement macro() {
        String name = tokens.name();
        if (!tokens.current().isOperator("(")) {
            throw tokens.fail("'(' is expected, found " + tokens.current());
        }
        return new Statement.Definition(callable(name, signature(), "macro"));
    }

    private Statement call() {
        Signature signature = signature();
        Expression called = expressions.expression();
        if (!(called instanceof Expression.Call)) {
            throw tokens.fail("expected call");
        }
        return new Statement.CallBlock((Expression.Call) called, callable("caller", signature, "call"));
    }

    private Macro callable(String name, Signature signature, String end) {
        Set<String> before = tokens.beginNames();
        Statement body = block(end);
        return new Macro(name, signature.parameters, signature.defaults, body, tokens.endNames(before));
    }

    /** Parameters, and the defaults of the last of them. */
    private record Signature(List<String> parameters, List<Expression> defaults) {}

    private Signature signature() {
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        if (tokens.skipOperator("(")) {
            while (!tokens.skipOperator(")")) {
                if (!parameters.isEmpty()) {
                    tokens.expectOperator(",");
                }
                parameters.add(tokens.name());
                if (tokens.skipOperator("=")) {
                    defaults.add(expressions.expression());
                } else if (!defaults.isEmpty()) {
                    throw tokens.fail("non-default argument follows default argument");
                }
            }
        }
        return new Signature(parameters, defaults);
    }
}
