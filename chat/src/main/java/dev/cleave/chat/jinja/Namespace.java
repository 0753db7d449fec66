package dev.cleave.chat.jinja;

import java.util.HashMap;
import java.util.Map;

/** What {@code namespace()} makes: the one thing that a template may change. */
final class Namespace {
    private final Map<String, Object> values = new HashMap<>();

    Object get(String name) {
        return values.containsKey(name)
                ? values.get(name)
                : new Undefined("'jinja2.utils.Namespace object' has no attribute '" + name + "'");
    }

    void set(String name, Object value) {
        values.put(name, value);
    }
}
