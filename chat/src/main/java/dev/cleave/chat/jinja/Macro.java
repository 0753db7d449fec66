package dev.cleave.chat.jinja;

import dev.cleave.chat.jinja.Sequences.Tuple;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A part of a template that can be called.
 *
 * @param name for messages
 * @param parameters names
 * @param defaults of the last parameters
 * @param body what it prints
 * @param named names that the body mentions: only where these are there are further arguments taken
 */
record Macro(String name, List<String> parameters, List<Expression> defaults, Statement body, Set<String> named) {
    /** Returns it as a function that sees a scope. */
    Callable in(Scope outer) {
        return arguments -> call(outer.inner(), arguments);
    }

    private Object call(Scope scope, Arguments arguments) {
        Map<String, Object> left = new LinkedHashMap<>(arguments.named());
        int given = arguments.positional().size();
        for (int i = 0; i < parameters.size(); i++) {
            String parameter = parameters.get(i);
            int optional = i - (parameters.size() - defaults.size());
            Object value = new Undefined("parameter '" + parameter + "' was not provided");
            if (i < given) {
                value = arguments.positional().get(i);
            } else if (left.containsKey(parameter)) {
                value = left.remove(parameter);
            } else if (optional >= 0) {
                value = defaults.get(optional).evaluate(scope);
            }
            scope.set(parameter, value);
        }
        if (named.contains("caller") && !parameters.contains("caller")) {
            scope.set(
                    "caller", left.containsKey("caller") ? left.remove("caller") : new Undefined("No caller defined"));
        }
        if (named.contains("kwargs")) {
            Map<Object, Object> more = new LinkedHashMap<>();
            left.forEach((key, value) -> more.put(Text.of(key), value));
            scope.set("kwargs", more);
        } else if (!left.isEmpty()) {
            throw JinjaException.failed("macro '" + name + "' takes no keyword argument '"
                    + left.keySet().iterator().next() + "'");
        }
        if (named.contains("varargs")) {
            scope.set("varargs", new Tuple(arguments.positional().subList(Math.min(given, parameters.size()), given)));
        } else if (given > parameters.size()) {
            throw JinjaException.failed(
                    "macro '" + name + "' takes not more than " + parameters.size() + " argument(s)");
        }
        TextBuilder out = new TextBuilder();
        body.execute(scope, out);
        return out.text();
    }
}
