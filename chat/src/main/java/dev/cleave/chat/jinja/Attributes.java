package dev.cleave.chat.jinja;

import dev.cleave.chat.jinja.Sequences.Tuple;
import dev.cleave.chat.jinja.Sequences.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code value.name}, {@code value[key]} and slices, in the order in which Jinja2's sandbox looks. */
final class Attributes {
    private Attributes() {}

    /** An attribute first, then an item. */
    static Object attribute(Object of, String name) {
        Object method = method(of, name);
        if (method != null) {
            return method;
        } else if (of instanceof Map && ((Map<?, ?>) of).containsKey(Text.of(name))) {
            return ((Map<?, ?>) of).get(Text.of(name));
        }
        return missing(of, "attribute '" + name + "'");
    }

    /** An item first, then an attribute. */
    static Object item(Object of, Object key) {
        if (of instanceof Undefined) {
            throw ((Undefined) of).used();
        } else if (of instanceof Map) {
            Object at = Values.key(key);
            if (((Map<?, ?>) of).containsKey(at)) {
                return ((Map<?, ?>) of).get(at);
            }
        } else if ((of instanceof List || of instanceof Text) && (key instanceof Long || key instanceof Boolean)) {
            long length = Values.length(of);
            long index = Values.integer(key, "index");
            index = index < 0 ? index + length : index;
            if (index >= 0 && index < length) {
                return of instanceof Text
                        ? ((Text) of).slice((int) index, (int) index + 1)
                        : ((List<?>) of).get((int) index);
            }
        } else if (of instanceof Loop) {
            throw JinjaException.unsupported("an item of 'loop'");
        }
        if (key instanceof Text) {
            Object method = method(of, key.toString());
            return method != null ? method : missing(of, "attribute '" + key + "'");
        }
        return missing(of, "element " + Printed.repr(key));
    }

    private static Object missing(Object of, String what) {
        return new Undefined("'" + Values.type(of) + " object' has no " + what);
    }

    private static Object method(Object of, String name) {
        if (of instanceof Undefined) {
            throw ((Undefined) of).used();
        } else if (of instanceof Namespace) {
            return ((Namespace) of).get(name);
        } else if (of instanceof Loop) {
            return ((Loop) of).attribute(name);
        } else if (of instanceof Filters.Group) {
            return ((Filters.Group) of).attribute(name);
        } else if (name.startsWith("__")) {
            throw JinjaException.unsupported("the attribute '" + name + "'");
        } else if (of instanceof Text) {
            return TextMethods.of((Text) of, name);
        } else if (of instanceof Map) {
            return ContainerMethods.of((Map<?, ?>) of, name);
        } else if (of instanceof List) {
            return ContainerMethods.of((List<?>) of, name);
        } else if (of instanceof Callable || of instanceof View || of instanceof Sequences.Generator) {
            throw JinjaException.unsupported("the attribute '" + name + "' of '" + Values.type(of) + "'");
        } else if (Values.isNumber(of) && NumberAttributes.NAMES.contains(name)) {
            throw JinjaException.unsupported("the attribute '" + name + "' of '" + Values.type(of) + "'");
        }
        return null;
    }

    /** Attributes that Python's numbers have. */
    private static final class NumberAttributes {
        static final List<String> NAMES = List.of(
                "as_integer_ratio",
                "bit_count",
                "bit_length",
                "conjugate",
                "denominator",
                "from_bytes",
                "fromhex",
                "hex",
                "imag",
                "is_integer",
                "numerator",
                "real",
                "to_bytes");

        private NumberAttributes() {}
    }

    /** A slice of a text, list or tuple; unlike an item that is not there, one of another value is an error. */
    static Object slice(Object of, Object start, Object stop, Object step) {
        if (of instanceof Undefined) {
            throw ((Undefined) of).used();
        } else if (!(of instanceof Text || of instanceof List)) {
            throw JinjaException.failed("'" + Values.type(of) + "' object is not subscriptable by a slice");
        } else if (of instanceof Tuple && ((Tuple) of).isRange()) {
            throw JinjaException.unsupported("a slice of a range");
        }
        if (!isBound(start) || !isBound(stop) || !isBound(step)) {
            throw JinjaException.failed("slice indices must be integers or None");
        }
        long stride = step == null ? 1 : Values.integer(step, "slice");
        if (stride == 0) {
            throw JinjaException.failed("slice step cannot be zero");
        }
        long length = Values.length(of);
        long from = bound(start, length, stride > 0 ? 0 : length - 1, stride);
        long to = bound(stop, length, stride > 0 ? length : -1, stride);
        if (of instanceof Text && stride == 1) {
            return ((Text) of).slice((int) from, (int) Math.max(from, to));
        }
        List<Integer> indexes = new ArrayList<>();
        for (long i = from; stride > 0 ? i < to : i > to; i += stride) {
            indexes.add((int) i);
        }
        if (of instanceof Text) {
            TextBuilder text = new TextBuilder();
            indexes.forEach(i -> text.append(((Text) of).at(i), ((Text) of).foreignAt(i)));
            return text.text();
        }
        List<Object> items = new ArrayList<>();
        indexes.forEach(i -> items.add(((List<?>) of).get(i)));
        return of instanceof Tuple ? new Tuple(items) : items;
    }

    private static boolean isBound(Object part) {
        return part == null || part instanceof Long || part instanceof Boolean;
    }

    private static long bound(Object part, long length, long otherwise, long stride) {
        if (part == null) {
            return otherwise;
        }
        long value = Values.integer(part, "slice");
        value = value < 0 ? Math.max(value + length, stride > 0 ? 0 : -1) : value;
        return Math.min(value, stride > 0 ? length : length - 1);
    }
}
