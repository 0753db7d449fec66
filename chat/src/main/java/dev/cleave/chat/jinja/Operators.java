package dev.cleave.chat.jinja;

import dev.cleave.chat.jinja.Sequences.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's operators. */
final class Operators {
    private static final int MAX_ITEMS = 1 << 20;

    private Operators() {}

    static Object apply(String operator, Object left, Object right) {
        for (Object side : new Object[] {left, right}) {
            if (side instanceof Undefined) {
                throw ((Undefined) side).used();
            }
        }
        if (Values.isNumber(left) && Values.isNumber(right)) {
            return Numbers.arithmetic(operator, left, right);
        } else if (operator.equals("+") && left instanceof Text && right instanceof Text) {
            return new TextBuilder().append((Text) left).append((Text) right).text();
        } else if (operator.equals("+")
                && left instanceof List
                && Values.type(left).equals(Values.type(right))) {
            return joined((List<?>) left, (List<?>) right);
        } else if (operator.equals("*") && (left instanceof Text || left instanceof List)) {
            return repeated(left, Values.integer(right, "*"));
        } else if (operator.equals("*") && (right instanceof Text || right instanceof List)) {
            return repeated(right, Values.integer(left, "*"));
        } else if (operator.equals("%") && left instanceof Text) {
            return Formatting.percent(
                    (Text) left, right instanceof Tuple ? (Tuple) right : Collections.singletonList(right));
        }
        throw JinjaException.failed("unsupported operand type(s) for " + operator + ": '" + Values.type(left)
                + "' and '" + Values.type(right) + "'");
    }

    private static Object joined(List<?> left, List<?> right) {
        if (left instanceof Tuple && ((Tuple) left).isRange()) {
            throw JinjaException.failed("unsupported operand type(s) for +: 'range' and 'range'");
        }
        limit((long) left.size() + right.size());
        List<Object> all = new ArrayList<>(left);
        all.addAll(right);
        return left instanceof Tuple ? new Tuple(all) : all;
    }

    private static Object repeated(Object value, long times) {
        long count = Math.max(0, times);
        if (value instanceof Text) {
            Text text = (Text) value;
            if (text.length() > 0 && count > TextBuilder.MAX_LENGTH / text.length()) {
                throw new JinjaException(JinjaException.Kind.LIMIT, "it repeats a text " + times + " times");
            }
            TextBuilder all = new TextBuilder();
            for (long i = 0; i < count && text.length() > 0; i++) {
                all.append(text);
            }
            return all.text();
        }
        List<?> list = (List<?>) value;
        List<Object> all = new ArrayList<>();
        if (!list.isEmpty()) {
            limit(count > MAX_ITEMS ? count : count * list.size());
            for (long i = 0; i < count; i++) {
                all.addAll(list);
            }
        }
        return value instanceof Tuple ? new Tuple(all) : all;
    }

    private static void limit(long items) {
        if (items > MAX_ITEMS) {
            throw new JinjaException(JinjaException.Kind.LIMIT, "it makes a list of more than " + MAX_ITEMS + " items");
        }
    }

    static boolean compare(String operator, Object left, Object right) {
        switch (operator) {
            case "==":
                return Values.equal(left, right);
            case "!=":
                return !Values.equal(left, right);
            case "in":
                return Values.contains(right, left);
            case "not in":
                return !Values.contains(right, left);
            default:
                return ordered(operator, left, right);
        }
    }

    private static boolean ordered(String operator, Object left, Object right) {
        if (Numbers.isNan(left) || Numbers.isNan(right)) {
            return false;
        }
        int order = Values.compare(left, right);
        switch (operator) {
            case "<":
                return order < 0;
            case "<=":
                return order <= 0;
            case ">":
                return order > 0;
            default:
                return order >= 0;
        }
    }

    static Object negated(Object value) {
        if (value instanceof Undefined) {
            throw ((Undefined) value).used();
        } else if (value instanceof Double) {
            return -(Double) value;
        } else if (Values.isNumber(value)) {
            return Numbers.arithmetic("-", 0L, value);
        }
        throw JinjaException.failed("bad operand type for unary -: '" + Values.type(value) + "'");
    }

    static Object positive(Object value) {
        if (value instanceof Undefined) {
            throw ((Undefined) value).used();
        } else if (value instanceof Double) {
            return value;
        }
        return Values.integer(value, "unary +");
    }
}
