package dev.cleave.chat.jinja;

import dev.cleave.chat.jinja.Expression.CallArguments;
import dev.cleave.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads expressions, with Jinja2's precedences. */
final class ExpressionParser {
    private static final Set<String> COMPARING = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> NO_ARGUMENT = Set.of("else", "or", "and");

    private final TokenStream tokens;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
    }

    /** An expression, or several with commas between, which are a tuple. */
    Expression tuple(boolean conditional) {
        return tuple(conditional, false);
    }

    private Expression tuple(boolean conditional, boolean parentheses) {
        List<Expression> items = new ArrayList<>();
        boolean comma = false;
        while (!endsTuple()) {
            items.add(conditional ? expression() : or());
            if (!tokens.skipOperator(",")) {
                break;
            }
            comma = true;
        }
        if (!comma && items.size() == 1) {
            return items.get(0);
        } else if (!comma && !parentheses) {
            throw tokens.fail("Expected an expression, got " + tokens.current());
        }
        return new Expression.Sequence(items, true);
    }

    private boolean endsTuple() {
        Token token = tokens.current();
        return token.kind() == Kind.VARIABLE_END
                || token.kind() == Kind.BLOCK_END
                || token.isOperator(")")
                || token.isName("recursive");
    }

    Expression expression() {
        tokens.deeper();
        Expression value = or();
        while (tokens.skipName("if")) {
            Expression test = or();
            value = new Expression.Conditional(test, value, tokens.skipName("else") ? expression() : null);
        }
        tokens.back();
        return value;
    }

    Expression or() {
        Expression left = and();
        while (tokens.skipName("or")) {
            left = new Expression.Either(true, left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (tokens.skipName("and")) {
            left = new Expression.Either(false, left, not());
        }
        return left;
    }

    private Expression not() {
        if (tokens.skipName("not")) {
            tokens.deeper();
            Expression negated = new Expression.Unary(value -> !Values.isTrue(value), not());
            tokens.back();
            return negated;
        }
        return compare();
    }

    private Expression compare() {
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        while (true) {
            Token token = tokens.current();
            if (token.kind() == Kind.OPERATOR && COMPARING.contains(token.value())) {
                operators.add((String) tokens.next().value());
            } else if (token.isName("in")) {
                tokens.next();
                operators.add("in");
            } else if (token.isName("not") && tokens.look().isName("in")) {
                tokens.next();
                tokens.next();
                operators.add("not in");
            } else {
                return operators.isEmpty() ? first : new Expression.Compare(first, operators, others);
            }
            others.add(sum());
        }
    }

    private Expression sum() {
        Expression left = concatenation();
        while (tokens.current().isOperator("+") || tokens.current().isOperator("-")) {
            left = new Expression.Binary((String) tokens.next().value(), left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        List<Expression> parts = new ArrayList<>();
        do {
            parts.add(product());
        } while (tokens.skipOperator("~"));
        return parts.size() == 1 ? parts.get(0) : new Expression.Concatenation(parts);
    }

    private Expression product() {
        Expression left = power();
        while (tokens.current().kind() == Kind.OPERATOR
                && Set.of("*", "/", "//", "%").contains(tokens.current().value())) {
            left = new Expression.Binary((String) tokens.next().value(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.skipOperator("**")) {
            left = new Expression.Binary("**", left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean filters) {
        tokens.deeper();
        Expression value;
        if (tokens.skipOperator("-")) {
            value = new Expression.Unary(Operators::negated, unary(false));
        } else if (tokens.skipOperator("+")) {
            value = new Expression.Unary(Operators::positive, unary(false));
        } else {
            value = primary();
        }
        value = postfix(value);
        tokens.back();
        return filters ? filtered(value) : value;
    }

    Expression primary() {
        Token token = tokens.next();
        switch (token.kind()) {
            case NAME:
                return name((String) token.value());
            case STRING:
                StringBuilder text = new StringBuilder((String) token.value());
                while (tokens.current().kind() == Kind.STRING) {
                    text.append(tokens.next().value());
                }
                return new Expression.Constant(Text.of(text.toString()));
            case NUMBER:
                return new Expression.Constant(token.value());
            case OPERATOR:
                if (token.isOperator("(")) {
                    Expression inner = tuple(true, true);
                    tokens.expectOperator(")");
                    return inner;
                } else if (token.isOperator("[")) {
                    return new Expression.Sequence(list(), false);
                } else if (token.isOperator("{")) {
                    return dict();
                }
                break;
            default:
        }
        throw JinjaException.syntax("unexpected " + token, token.line());
    }

    private Expression name(String name) {
        switch (name) {
            case "true":
            case "True":
                return new Expression.Constant(true);
            case "false":
            case "False":
                return new Expression.Constant(false);
            case "none":
            case "None":
                return new Expression.Constant(null);
            default:
                tokens.mention(name);
                return new Expression.Name(name);
        }
    }

    private List<Expression> list() {
        List<Expression> items = new ArrayList<>();
        while (!tokens.skipOperator("]")) {
            if (!items.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator("]")) {
                    break;
                }
            }
            items.add(expression());
        }
        return items;
    }

    private Expression dict() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            if (!keys.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator("}")) {
                    break;
                }
            }
            keys.add(expression());
            tokens.expectOperator(":");
            values.add(expression());
        }
        return new Expression.Dict(keys, values);
    }

    Expression postfix(Expression value) {
        Expression all = value;
        while (true) {
            if (tokens.skipOperator(".")) {
                Token name = tokens.next();
                if (name.kind() == Kind.NAME) {
                    all = new Expression.Attribute(all, (String) name.value());
                } else if (name.kind() == Kind.NUMBER && name.value() instanceof Long) {
                    all = new Expression.Item(all, new Expression.Constant(name.value()));
                } else {
                    throw JinjaException.syntax("expected name or number", name.line());
                }
            } else if (tokens.skipOperator("[")) {
                all = subscript(all);
            } else if (tokens.current().isOperator("(")) {
                all = new Expression.Call(all, arguments());
            } else {
                return all;
            }
        }
    }

    private Expression subscript(Expression of) {
        Expression start = tokens.current().isOperator(":") ? null : expression();
        Expression result;
        if (tokens.skipOperator(":")) {
            Expression stop = isSliceEnd() ? null : expression();
            Expression step = tokens.skipOperator(":") && !isSliceEnd() ? expression() : null;
            result = new Expression.Slice(of, start, stop, step);
        } else {
            result = new Expression.Item(of, start);
        }
        tokens.expectOperator("]");
        return result;
    }

    private boolean isSliceEnd() {
        return tokens.current().isOperator(":") || tokens.current().isOperator("]");
    }

    private Expression filtered(Expression value) {
        Expression all = value;
        while (true) {
            if (tokens.current().isOperator("|")) {
                all = filters(all);
            } else if (tokens.skipName("is")) {
                all = test(all);
            } else if (tokens.current().isOperator("(")) {
                all = new Expression.Call(all, arguments());
            } else {
                return all;
            }
        }
    }

    /** Filters behind a value, each with its bar. */
    Expression filters(Expression value) {
        Expression all = value;
        while (tokens.skipOperator("|")) {
            all = filter(all);
        }
        return all;
    }

    /** One filter, without a bar. */
    Expression filter(Expression value) {
        String name = dotted();
        return new Expression.Filter(value, name, tokens.current().isOperator("(") ? arguments() : CallArguments.NONE);
    }

    private String dotted() {
        StringBuilder name = new StringBuilder(tokens.name());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.name());
        }
        return name.toString();
    }

    private Expression test(Expression value) {
        boolean negated = tokens.skipName("not");
        String name = dotted();
        CallArguments arguments = CallArguments.NONE;
        Token token = tokens.current();
        boolean opens = token.isOperator("[") || token.isOperator("{");
        if (token.isOperator("(")) {
            arguments = arguments();
        } else if (token.isName("is")) {
            throw tokens.fail("You cannot chain multiple tests with is");
        } else if (opens
                || token.kind() == Kind.STRING
                || token.kind() == Kind.NUMBER
                || token.kind() == Kind.NAME && !NO_ARGUMENT.contains(token.value())) {
            arguments = new CallArguments(List.of(postfix(primary())), Map.of(), null, null);
        }
        Expression test = new Expression.Test(value, name, arguments);
        return negated ? new Expression.Unary(result -> !Values.isTrue(result), test) : test;
    }

    private CallArguments arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        Expression more = null;
        Expression moreNamed = null;
        boolean comma = false;
        while (!tokens.skipOperator(")")) {
            if (comma) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(")")) {
                    break;
                }
            }
            comma = true;
            if (tokens.skipOperator("*")) {
                more = expression();
            } else if (tokens.skipOperator("**")) {
                moreNamed = expression();
            } else if (tokens.current().kind() == Kind.NAME && tokens.look().isOperator("=")) {
                String name = tokens.name();
                tokens.next();
                named.put(name, expression());
            } else if (named.isEmpty() && more == null && moreNamed == null) {
                positional.add(expression());
            } else {
                throw tokens.fail("invalid syntax for function call expression");
            }
        }
        return new CallArguments(positional, named, more, moreNamed);
    }
}
