package dev.cleave.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A part of a template that has a value. */
interface Expression {
    /** Computes the value. */
    Object evaluate(Scope scope);

    /** A constant. */
    record Constant(Object value) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return value;
        }
    }

    /** A name. */
    record Name(String name) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return scope.get(name);
        }
    }

    /** A list or tuple. */
    record Sequence(List<Expression> items, boolean tuple) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            List<Object> values = all(items, scope);
            return tuple ? new Sequences.Tuple(values) : values;
        }
    }

    /** A dict. */
    record Dict(List<Expression> keys, List<Expression> values) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Map<Object, Object> dict = new LinkedHashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                dict.put(Values.key(keys.get(i).evaluate(scope)), values.get(i).evaluate(scope));
            }
            return dict;
        }
    }

    /** {@code of.name}. */
    record Attribute(Expression of, String name) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return Attributes.attribute(of.evaluate(scope), name);
        }
    }

    /** {@code of[key]}. */
    record Item(Expression of, Expression key) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return Attributes.item(of.evaluate(scope), key.evaluate(scope));
        }
    }

    /** {@code of[start:stop:step]}; a part that is not written is null. */
    record Slice(Expression of, Expression start, Expression stop, Expression step) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return Attributes.slice(of.evaluate(scope), part(start, scope), part(stop, scope), part(step, scope));
        }

        private static Object part(Expression part, Scope scope) {
            return part == null ? null : part.evaluate(scope);
        }
    }

    /** A call. */
    record Call(Expression function, CallArguments arguments) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return call(scope, null);
        }

        /** Calls, with the block of a call statement as {@code caller} unless that is null. */
        Object call(Scope scope, Callable caller) {
            scope.run().step();
            Object target = function.evaluate(scope);
            Arguments given = arguments.evaluate(scope);
            if (caller != null) {
                Map<String, Object> named = new LinkedHashMap<>(given.named());
                named.put("caller", caller);
                given = new Arguments(given.positional(), named);
            }
            if (target instanceof Undefined) {
                throw ((Undefined) target).used();
            }
            if (target instanceof Loop) {
                return ((Loop) target).recurse(given.plain("loop", 1, 1)[0]);
            }
            if (!(target instanceof Callable)) {
                throw JinjaException.failed("'" + Values.type(target) + "' object is not callable");
            }
            Arguments all = given;
            return scope.run().deeper(() -> ((Callable) target).call(all));
        }
    }

    /** {@code of | name(…)}. */
    record Filter(Expression of, String name, CallArguments arguments) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            scope.run().step();
            return Filters.apply(scope.run(), name, of.evaluate(scope), arguments.evaluate(scope));
        }
    }

    /** {@code of is name(…)}. */
    record Test(Expression of, String name, CallArguments arguments) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            scope.run().step();
            return Tests.apply(name, of.evaluate(scope), arguments.evaluate(scope));
        }
    }

    /** An operator before its value. */
    record Unary(UnaryOperator<Object> operator, Expression of) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return operator.apply(of.evaluate(scope));
        }
    }

    /** An arithmetic operator. */
    record Binary(String operator, Expression left, Expression right) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            scope.run().step();
            return Operators.apply(operator, left.evaluate(scope), right.evaluate(scope));
        }
    }

    /** {@code a < b == c}: each with its neighbour, until one is false. */
    record Compare(Expression first, List<String> operators, List<Expression> others) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            scope.run().step();
            Object left = first.evaluate(scope);
            for (int i = 0; i < operators.size(); i++) {
                Object right = others.get(i).evaluate(scope);
                if (!Operators.compare(operators.get(i), left, right)) {
                    return false;
                }
                left = right;
            }
            return true;
        }
    }

    /** {@code and}, {@code or}: the value that decides. */
    record Either(boolean or, Expression left, Expression right) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object value = left.evaluate(scope);
            return Values.isTrue(value) == or ? value : right.evaluate(scope);
        }
    }

    /** {@code then if test else otherwise}; without the last it may be undefined. */
    record Conditional(Expression test, Expression then, Expression otherwise) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            if (Values.isTrue(test.evaluate(scope))) {
                return then.evaluate(scope);
            }
            return otherwise == null
                    ? new Undefined("the inline if-expression evaluated to false and no else section was defined.")
                    : otherwise.evaluate(scope);
        }
    }

    /** {@code a ~ b}. */
    record Concatenation(List<Expression> parts) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            TextBuilder text = new TextBuilder();
            for (Object part : all(parts, scope)) {
                text.append(Printed.text(part));
            }
            return text.text();
        }
    }

    /** What stands in the parentheses of a call; the last two, {@code *} and {@code **}, are null where not written. */
    record CallArguments(
            List<Expression> positional, Map<String, Expression> named, Expression more, Expression moreNamed) {
        static final CallArguments NONE = new CallArguments(List.of(), Map.of(), null, null);

        Arguments evaluate(Scope scope) {
            List<Object> values = all(positional, scope);
            Map<String, Object> byName = new LinkedHashMap<>();
            named.forEach((name, value) -> byName.put(name, value.evaluate(scope)));
            if (more != null) {
                values.addAll(Values.items(more.evaluate(scope)));
            }
            if (moreNamed != null) {
                Object dict = moreNamed.evaluate(scope);
                if (!(dict instanceof Map)) {
                    throw JinjaException.failed("what follows ** is no dict");
                }
                ((Map<?, ?>) dict).forEach((name, value) -> byName.put(String.valueOf(name), value));
            }
            return new Arguments(values, byName);
        }
    }

    /** Computes several values. */
    static List<Object> all(List<Expression> expressions, Scope scope) {
        List<Object> values = new ArrayList<>(expressions.size());
        for (Expression each : expressions) {
            values.add(each.evaluate(scope));
        }
        return values;
    }
}
