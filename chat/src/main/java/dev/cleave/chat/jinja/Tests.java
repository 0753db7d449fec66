package dev.cleave.chat.jinja;

import dev.cleave.chat.jinja.Sequences.View;
import java.util.List;
import java.util.Map;

/** The tests: what stands behind {@code is}. */
final class Tests {
    private Tests() {}

    static boolean apply(String name, Object value, Arguments arguments) {
        switch (name) {
            case "eq":
            case "==":
            case "equalto":
                return Operators.compare("==", value, one(name, arguments));
            case "ne":
            case "!=":
                return Operators.compare("!=", value, one(name, arguments));
            case "lt":
            case "<":
            case "lessthan":
                return Operators.compare("<", value, one(name, arguments));
            case "le":
            case "<=":
                return Operators.compare("<=", value, one(name, arguments));
            case "gt":
            case ">":
            case "greaterthan":
                return Operators.compare(">", value, one(name, arguments));
            case "ge":
            case ">=":
                return Operators.compare(">=", value, one(name, arguments));
            case "in":
                return Values.contains(one(name, arguments), value);
            case "sameas":
                Object other = one(name, arguments);
                if (other == null || other instanceof Boolean || value == null || value instanceof Boolean) {
                    return value == null ? other == null : value instanceof Boolean && value.equals(other);
                }
                throw JinjaException.unsupported("the test 'sameas' of a value other than true, false and none");
            case "divisibleby":
                return Values.equal(Operators.apply("%", value, one(name, arguments)), 0L);
            default:
                arguments.plain(name, 0, 0);
                return plain(name, value);
        }
    }

    private static Object one(String name, Arguments arguments) {
        return arguments.plain(name, 1, 1)[0];
    }

    private static boolean plain(String name, Object value) {
        switch (name) {
            case "defined":
                return !(value instanceof Undefined);
            case "undefined":
                return value instanceof Undefined;
            case "none":
                return value == null;
            case "boolean":
                return value instanceof Boolean;
            case "true":
                return Boolean.TRUE.equals(value);
            case "false":
                return Boolean.FALSE.equals(value);
            case "integer":
                return value instanceof Long;
            case "float":
                return value instanceof Double;
            case "number":
                return Values.isNumber(value);
            case "string":
                return value instanceof Text;
            case "mapping":
                return value instanceof Map;
            case "iterable":
                return Values.isIterable(value);
            case "sequence":
                return value instanceof Text
                        || value instanceof List
                        || value instanceof Map
                        || value instanceof Undefined;
            case "odd":
            case "even":
                boolean odd = !Values.equal(Operators.apply("%", value, 2L), 0L);
                return odd == name.equals("odd");
            case "lower":
                return TextMethods.of(Printed.text(value), "islower")
                        .call(Arguments.NONE)
                        .equals(true);
            case "upper":
                return TextMethods.of(Printed.text(value), "isupper")
                        .call(Arguments.NONE)
                        .equals(true);
            case "callable":
                if (value instanceof Callable || value instanceof View) {
                    return value instanceof Callable;
                }
                return false;
            default:
                throw JinjaException.unsupported("the test '" + name + "'");
        }
    }
}
