package dev.cleave.chat.jinja;

import dev.cleave.chat.jinja.Sequences.Generator;
import dev.cleave.chat.jinja.Sequences.Tuple;
import dev.cleave.chat.jinja.Sequences.View;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Python's values as Java has them: null, Boolean, Long, Double, {@link Text}, List (a {@link Tuple} among them), Map, and what
 * only templates have.
 */
final class Values {
    private Values() {}

    static String type(Object value) {
        if (value == null) {
            return "NoneType";
        } else if (value instanceof Boolean) {
            return "bool";
        } else if (value instanceof Long) {
            return "int";
        } else if (value instanceof Double) {
            return "float";
        } else if (value instanceof Text) {
            return "str";
        } else if (value instanceof Tuple) {
            return ((Tuple) value).isRange() ? "range" : "tuple";
        } else if (value instanceof List) {
            return "list";
        } else if (value instanceof Map) {
            return "dict";
        } else if (value instanceof View) {
            return "dict_" + ((View) value).kind();
        }
        return value.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
    }

    static boolean isTrue(Object value) {
        if (value == null || value instanceof Undefined) {
            return false;
        } else if (value instanceof Boolean) {
            return (Boolean) value;
        } else if (value instanceof Number) {
            return ((Number) value).doubleValue() != 0;
        } else if (value instanceof Text) {
            return ((Text) value).length() > 0;
        }
        return !hasLength(value) || length(value) > 0;
    }

    static boolean hasLength(Object value) {
        return value instanceof Text
                || value instanceof List
                || value instanceof Map
                || value instanceof View
                || value instanceof Undefined
                || value instanceof Loop;
    }

    static long length(Object value) {
        if (value instanceof Text) {
            return ((Text) value).length();
        } else if (value instanceof List) {
            return ((List<?>) value).size();
        } else if (value instanceof Map) {
            return ((Map<?, ?>) value).size();
        } else if (value instanceof View) {
            return ((View) value).items().size();
        } else if (value instanceof Undefined) {
            return 0;
        } else if (value instanceof Loop) {
            return ((Loop) value).size();
        }
        throw JinjaException.failed("object of type '" + type(value) + "' has no len()");
    }

    static boolean isIterable(Object value) {
        return hasLength(value) || value instanceof Generator;
    }

    /** Returns what a loop over a value goes through. */
    @SuppressWarnings("unchecked")
    static List<Object> items(Object value) {
        if (value instanceof List) {
            return (List<Object>) value;
        } else if (value instanceof Map) {
            return new ArrayList<>(((Map<Object, Object>) value).keySet());
        } else if (value instanceof View) {
            return ((View) value).items();
        } else if (value instanceof Generator) {
            return ((Generator) value).drain();
        } else if (value instanceof Undefined) {
            return List.of();
        } else if (value instanceof Text) {
            Text text = (Text) value;
            List<Object> characters = new ArrayList<>(text.length());
            for (int i = 0; i < text.length(); i++) {
                characters.add(text.slice(i, i + 1));
            }
            return characters;
        } else if (value instanceof Filters.Group) {
            return Filters.pair((Filters.Group) value);
        } else if (value instanceof Loop) {
            throw JinjaException.unsupported("a loop over 'loop'");
        }
        throw JinjaException.failed("'" + type(value) + "' object is not iterable");
    }

    static boolean equal(Object left, Object right) {
        if (left == right) {
            return true;
        } else if (isNumber(left) && isNumber(right)) {
            return Numbers.compare(left, right) == 0 && !Numbers.isNan(left);
        } else if (left instanceof List && right instanceof List) {
            return type(left).equals(type(right)) && equalItems((List<?>) left, (List<?>) right);
        } else if (left instanceof Map && right instanceof Map) {
            Map<?, ?> one = (Map<?, ?>) left;
            Map<?, ?> other = (Map<?, ?>) right;
            return one.size() == other.size()
                    && one.entrySet().stream()
                            .allMatch(entry -> other.containsKey(entry.getKey())
                                    && equal(entry.getValue(), other.get(entry.getKey())));
        }
        return left != null && left.equals(right);
    }

    private static boolean equalItems(List<?> left, List<?> right) {
        Iterator<?> others = right.iterator();
        return left.size() == right.size() && left.stream().allMatch(item -> equal(item, others.next()));
    }

    /** Returns a number below, at or above 0, as Python's {@code <} orders values. */
    static int compare(Object left, Object right) {
        if (isNumber(left) && isNumber(right)) {
            return Numbers.compare(left, right);
        } else if (left instanceof Text && right instanceof Text) {
            return compareText((Text) left, (Text) right);
        } else if (left instanceof List && right instanceof List && type(left).equals(type(right))) {
            List<?> one = (List<?>) left;
            List<?> other = (List<?>) right;
            for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
                if (!equal(one.get(i), other.get(i))) {
                    return compare(one.get(i), other.get(i));
                }
            }
            return Integer.compare(one.size(), other.size());
        }
        for (Object side : new Object[] {left, right}) {
            if (side instanceof Undefined) {
                throw ((Undefined) side).used();
            }
        }
        throw JinjaException.failed("'" + type(left) + "' and '" + type(right) + "' cannot be compared");
    }

    private static int compareText(Text left, Text right) {
        for (int i = 0; i < Math.min(left.length(), right.length()); i++) {
            if (left.at(i) != right.at(i)) {
                return Integer.compare(left.at(i), right.at(i));
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    static boolean contains(Object container, Object value) {
        if (container instanceof Text) {
            if (!(value instanceof Text)) {
                throw JinjaException.failed("'in <string>' requires string as left operand, not " + type(value));
            }
            return Texts.find((Text) container, (Text) value, 0) >= 0;
        } else if (container instanceof Map) {
            return ((Map<?, ?>) container).containsKey(key(value));
        }
        return items(container).stream().anyMatch(item -> equal(item, value));
    }

    /** Returns a value as a dict's key. */
    static Object key(Object value) {
        if (value instanceof Text || value instanceof Long || value instanceof Undefined) {
            return value;
        } else if (value instanceof List && !(value instanceof Tuple) || value instanceof Map) {
            throw JinjaException.failed("unhashable type: '" + type(value) + "'");
        }
        throw JinjaException.unsupported("a key of type '" + type(value) + "' in a dict");
    }

    static boolean isNumber(Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    /** Returns an integer, of a bool as well. */
    static long integer(Object value, String what) {
        if (value instanceof Boolean) {
            return (Boolean) value ? 1 : 0;
        } else if (value instanceof Long) {
            return (Long) value;
        } else if (value instanceof Undefined) {
            throw ((Undefined) value).used();
        }
        throw JinjaException.failed(what + ": an integer is expected, not '" + type(value) + "'");
    }
}
