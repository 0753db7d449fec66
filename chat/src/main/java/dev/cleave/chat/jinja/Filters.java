package dev.cleave.chat.jinja;

import dev.cleave.chat.jinja.Sequences.Generator;
import dev.cleave.chat.jinja.Sequences.Tuple;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The filters over sequences, and the way to the others. */
final class Filters {
    private static final Set<String> CHOOSING = Set.of("select", "reject", "selectattr", "rejectattr");

    private Filters() {}

    /**
     * A group of {@code groupby}.
     *
     * @param grouper what its items have in common
     * @param list its items
     */
    record Group(Object grouper, List<Object> list) {
        Object attribute(String name) {
            switch (name) {
                case "grouper":
                    return grouper;
                case "list":
                    return list;
                default:
                    throw JinjaException.unsupported("the attribute '" + name + "' of a group");
            }
        }
    }

    static Object apply(Run run, String name, Object value, Arguments arguments) {
        if (CHOOSING.contains(name)) {
            return choose(run, name, value, arguments);
        }
        switch (name) {
            case "map":
                return map(run, value, arguments);
            case "list":
                arguments.plain(name, 0, 0);
                return new ArrayList<>(items(run, value));
            case "first":
                arguments.plain(name, 0, 0);
                return edge(items(run, value), true);
            case "last":
                arguments.plain(name, 0, 0);
                if (value instanceof Generator) {
                    throw JinjaException.failed("'generator' object is not reversible");
                }
                return edge(items(run, value), false);
            case "length":
            case "count":
                arguments.plain(name, 0, 0);
                return Values.length(value);
            case "items":
                return pairs(value, arguments);
            case "dictsort":
                return dictsort(value, arguments);
            case "join":
                return join(run, value, arguments);
            case "reverse":
                arguments.plain(name, 0, 0);
                return reverse(run, value);
            case "sort":
                Object[] sort = arguments.bind(
                        name, new String[] {"reverse", "case_sensitive", "attribute"}, false, false, null);
                return sorted(items(run, value), sort[2], sort[1], Values.isTrue(sort[0]));
            case "unique":
                return unique(items(run, value), arguments);
            case "groupby":
                return groups(items(run, value), arguments);
            case "batch":
                return batch(items(run, value), arguments);
            case "sum":
                Object[] sum = arguments.bind(name, new String[] {"attribute", "start"}, null, 0L);
                Object total = sum[1];
                for (Object item : items(run, value)) {
                    total = Operators.apply("+", total, by(sum[0], null).of(item));
                }
                return total;
            case "min":
            case "max":
                Object[] bound = arguments.bind(name, new String[] {"case_sensitive", "attribute"}, false, null);
                List<Object> order = sorted(items(run, value), bound[1], bound[0], name.equals("max"));
                return edge(order, true);
            default:
                return ValueFilters.apply(name, value, arguments);
        }
    }

    private static List<Object> items(Run run, Object value) {
        List<Object> items = Values.items(value);
        run.steps(items.size());
        return items;
    }

    private static Object edge(List<Object> items, boolean first) {
        return items.isEmpty()
                ? new Undefined("No " + (first ? "first" : "last") + " item, sequence was empty.")
                : items.get(first ? 0 : items.size() - 1);
    }

    private static Object pairs(Object value, Arguments arguments) {
        arguments.plain("items", 0, 0);
        if (value instanceof Map) {
            return new Generator(ContainerMethods.items((Map<?, ?>) value));
        } else if (value instanceof Undefined) {
            return new Generator(List.of());
        }
        throw JinjaException.failed("Can only get item pairs from a mapping.");
    }

    private static Object reverse(Run run, Object value) {
        if (value instanceof Text) {
            return Attributes.slice(value, null, null, -1L);
        }
        List<Object> items = new ArrayList<>(items(run, value));
        java.util.Collections.reverse(items);
        return new Generator(items);
    }

    private static Object join(Run run, Object value, Arguments arguments) {
        Object[] bound = arguments.bind("join", new String[] {"d", "attribute"}, Text.EMPTY, null);
        Text between = Printed.text(bound[0]);
        Key key = by(bound[1], null);
        TextBuilder all = new TextBuilder();
        List<Object> items = items(run, value);
        for (int i = 0; i < items.size(); i++) {
            all.append(i == 0 ? Text.EMPTY : between).append(Printed.text(key.of(items.get(i))));
        }
        return all.text();
    }

    /** What an item is judged by. */
    @FunctionalInterface
    private interface Key {
        Object of(Object item);
    }

    /** An item itself, or an attribute such as {@code function.name}; the fallback stands for an undefined one. */
    private static Key by(Object attribute, Object fallback) {
        if (attribute == null) {
            return item -> item;
        }
        List<Object> path = new ArrayList<>();
        if (attribute instanceof Long) {
            path.add(attribute);
        } else {
            for (Object part : Texts.split(Printed.text(attribute), Text.of("."), -1)) {
                path.add(part.toString().matches("\\d{1,9}") ? (Object) Long.valueOf(part.toString()) : part);
            }
        }
        return item -> {
            Object value = item;
            for (Object part : path) {
                value = Attributes.item(value, part);
                if (value instanceof Undefined && fallback != null) {
                    value = fallback;
                }
            }
            return value;
        };
    }

    private static Object map(Run run, Object value, Arguments arguments) {
        List<Object> results = new ArrayList<>();
        Key key;
        if (arguments.positional().isEmpty() && arguments.named().containsKey("attribute")) {
            Object[] bound = arguments.bind("map", new String[] {"attribute", "default"}, null, null);
            key = by(bound[0], bound[1]);
        } else if (!arguments.positional().isEmpty()) {
            String filter = Printed.text(arguments.positional().get(0)).toString();
            Arguments rest = rest(arguments, 1);
            key = item -> apply(run, filter, item, rest);
        } else {
            throw JinjaException.failed("map requires a filter argument");
        }
        items(run, value).forEach(item -> results.add(key.of(item)));
        return new Generator(results);
    }

    private static Arguments rest(Arguments arguments, int from) {
        return new Arguments(
                arguments.positional().subList(from, arguments.positional().size()), arguments.named());
    }

    private static Object choose(Run run, String name, Object value, Arguments arguments) {
        boolean attribute = name.endsWith("attr");
        if (attribute && arguments.positional().isEmpty()) {
            throw JinjaException.failed("Missing parameter for attribute name");
        }
        Key key = by(attribute ? arguments.positional().get(0) : null, null);
        Arguments left = rest(arguments, attribute ? 1 : 0);
        Predicate<Object> test = left.positional().isEmpty()
                ? Values::isTrue
                : item -> Tests.apply(Printed.text(left.positional().get(0)).toString(), item, rest(left, 1));
        List<Object> chosen = new ArrayList<>();
        for (Object item : items(run, value)) {
            if (test.test(key.of(item)) == name.startsWith("select")) {
                chosen.add(item);
            }
        }
        return new Generator(chosen);
    }

    private static Object folded(Object value, Object caseSensitive) {
        return value instanceof Text && !Values.isTrue(caseSensitive) ? Texts.lower((Text) value) : value;
    }

    private static List<Object> sorted(List<Object> items, Object attribute, Object caseSensitive, boolean reverse) {
        List<Key> keys = new ArrayList<>();
        if (attribute instanceof Text) {
            Texts.split((Text) attribute, Text.of(","), -1).forEach(each -> keys.add(by(each, null)));
        } else {
            keys.add(by(attribute, null));
        }
        Comparator<Object> order = (one, other) -> {
            for (Key key : keys) {
                Object left = folded(key.of(one), caseSensitive);
                Object right = folded(key.of(other), caseSensitive);
                if (!Values.equal(left, right)) {
                    return Values.compare(left, right);
                }
            }
            return 0;
        };
        List<Object> sorted = new ArrayList<>(items);
        sorted.sort(reverse ? order.reversed() : order);
        return sorted;
    }

    private static Object dictsort(Object value, Arguments arguments) {
        Object[] bound = arguments.bind(
                "dictsort", new String[] {"case_sensitive", "by", "reverse"}, false, Text.of("key"), false);
        if (!(value instanceof Map)) {
            throw JinjaException.failed("dictsort: a dict is expected, not '" + Values.type(value) + "'");
        }
        long position = Values.equal(bound[1], Text.of("key")) ? 0 : 1;
        return sorted(ContainerMethods.items((Map<?, ?>) value), position, bound[0], Values.isTrue(bound[2]));
    }

    private static Object unique(List<Object> items, Arguments arguments) {
        Object[] bound = arguments.bind("unique", new String[] {"case_sensitive", "attribute"}, false, null);
        Key key = by(bound[1], null);
        List<Object> seen = new ArrayList<>();
        List<Object> unique = new ArrayList<>();
        for (Object item : items) {
            Object judged = folded(key.of(item), bound[0]);
            if (seen.stream().noneMatch(each -> Values.equal(each, judged))) {
                seen.add(judged);
                unique.add(item);
            }
        }
        return new Generator(unique);
    }

    private static Object groups(List<Object> items, Arguments arguments) {
        Object[] bound =
                arguments.bind("groupby", new String[] {"attribute", "default", "case_sensitive"}, null, false);
        Key key = by(bound[0], bound[1]);
        List<Object> groups = new ArrayList<>();
        List<Object> sorted = new ArrayList<>(items);
        sorted.sort((one, other) -> Values.compare(folded(key.of(one), bound[2]), folded(key.of(other), bound[2])));
        Object last = null;
        for (Object item : sorted) {
            Object judged = folded(key.of(item), bound[2]);
            if (groups.isEmpty() || !Values.equal(judged, last)) {
                groups.add(new Group(key.of(item), new ArrayList<>()));
            }
            ((Group) groups.get(groups.size() - 1)).list().add(item);
            last = judged;
        }
        return groups;
    }

    private static Object batch(List<Object> items, Arguments arguments) {
        Object[] bound = arguments.bind("batch", new String[] {"linecount", "fill_with"}, (Object) null);
        long size = Values.integer(bound[0], "batch");
        if (size < 1 || size > Integer.MAX_VALUE) {
            throw JinjaException.unsupported("batch of " + size);
        }
        List<Object> batches = new ArrayList<>();
        for (int from = 0; from < items.size(); from += (int) size) {
            List<Object> batch = new ArrayList<>(items.subList(from, (int) Math.min(items.size(), from + size)));
            while (bound[1] != null && batch.size() < size && size <= 10_000) {
                batch.add(bound[1]);
            }
            batches.add(batch);
        }
        return new Generator(batches);
    }

    /** Returns a group as the pair that it is for loops. */
    static Tuple pair(Group group) {
        return Tuple.of(group.grouper(), group.list());
    }
}
