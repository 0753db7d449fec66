package dev.cleave.chat.jinja;

import dev.cleave.chat.jinja.Sequences.Tuple;
import dev.cleave.chat.jinja.Sequences.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Methods of lists, tuples and dicts that change nothing; the others are forbidden in Jinja2's sandbox as well. */
final class ContainerMethods {
    private static final Set<String> CHANGING = Set.of(
            "append",
            "clear",
            "extend",
            "fromkeys",
            "insert",
            "pop",
            "popitem",
            "remove",
            "reverse",
            "setdefault",
            "sort",
            "update");

    private ContainerMethods() {}

    /** Returns a method of a dict, or null. */
    static Object of(Map<?, ?> dict, String name) {
        switch (name) {
            case "get":
                return (Callable) arguments -> {
                    Object[] bound = arguments.plain("get", 1, 2);
                    Object key = Values.key(bound[0]);
                    return dict.containsKey(key) ? dict.get(key) : bound[1];
                };
            case "items":
                return (Callable) arguments -> none(arguments, name, new View(name, items(dict)));
            case "keys":
                return (Callable) arguments -> none(arguments, name, new View(name, new ArrayList<>(dict.keySet())));
            case "values":
                return (Callable) arguments -> none(arguments, name, new View(name, new ArrayList<>(dict.values())));
            case "copy":
                return (Callable) arguments -> none(arguments, name, new LinkedHashMap<>(dict));
            default:
                return changing(name);
        }
    }

    /** Returns pairs of key and value. */
    static List<Object> items(Map<?, ?> dict) {
        List<Object> items = new ArrayList<>();
        dict.forEach((key, value) -> items.add(Tuple.of(key, value)));
        return items;
    }

    /** Returns a method of a list or tuple, or null. */
    static Object of(List<?> list, String name) {
        switch (name) {
            case "count":
                return (Callable) arguments -> {
                    Object wanted = arguments.plain("count", 1, 1)[0];
                    return list.stream()
                            .filter(item -> Values.equal(item, wanted))
                            .count();
                };
            case "index":
                return (Callable) arguments -> {
                    Object wanted = arguments.plain("index", 1, 1)[0];
                    for (int i = 0; i < list.size(); i++) {
                        if (Values.equal(list.get(i), wanted)) {
                            return (long) i;
                        }
                    }
                    throw JinjaException.failed(Printed.repr(wanted).shown() + " is not in list");
                };
            case "copy":
                return list instanceof Tuple
                        ? null
                        : (Callable) arguments -> none(arguments, name, new ArrayList<>(list));
            default:
                return list instanceof Tuple ? null : changing(name);
        }
    }

    private static Object none(Arguments arguments, String name, Object result) {
        arguments.plain(name, 0, 0);
        return result;
    }

    private static Object changing(String name) {
        if (CHANGING.contains(name)) {
            return (Callable) arguments -> {
                throw JinjaException.failed("the method '" + name + "' changes its object, which templates may not");
            };
        }
        return null;
    }
}
