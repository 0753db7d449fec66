package dev.cleave.chat.jinja;

import java.util.HashMap;
import java.util.Map;

/** Names that a part of a template sees: its own, then those round it, then the functions that every template has. */
final class Scope {
    private final Scope outer;
    private final Run run;
    private final Map<String, Object> values = new HashMap<>();

    private Scope(Scope outer, Run run) {
        this.outer = outer;
        this.run = run;
    }

    static Scope root(Run run, Map<String, Object> variables) {
        Scope root = new Scope(null, run);
        root.values.putAll(variables);
        return root;
    }

    Scope inner() {
        return new Scope(this, run);
    }

    Run run() {
        return run;
    }

    Object get(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            if (scope.values.containsKey(name)) {
                return scope.values.get(name);
            }
        }
        return run.global(name);
    }

    void set(String name, Object value) {
        values.put(name, value);
    }
}
