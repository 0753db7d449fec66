package dev.cleave.chat.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** One rendering: the functions that every template has, and what keeps a hostile template from running for ever. */
final class Run {
    private static final int MAX_STEPS = 20_000_000;
    private static final int MAX_DEPTH = 200;
    /** Names that have a value in Transformers and none here. */
    private static final Set<String> UNKNOWN = Set.of(
            "additional_special_tokens",
            "cls_token",
            "cycler",
            "joiner",
            "lipsum",
            "mask_token",
            "pad_token",
            "sep_token",
            "unk_token");

    private final Map<String, Object> globals = new HashMap<>();
    private int steps;
    private int depth;

    Run(Map<String, Callable> functions) {
        globals.putAll(functions);
    }

    Object global(String name) {
        Object value = globals.get(name);
        if (value == null && UNKNOWN.contains(name)) {
            throw JinjaException.unsupported("the name '" + name + "'");
        }
        return value == null ? Undefined.name(name) : value;
    }

    /** Counts work. */
    void step() {
        steps(1);
    }

    void steps(long count) {
        if (count > MAX_STEPS - steps) {
            throw new JinjaException(JinjaException.Kind.LIMIT, "it takes more than " + MAX_STEPS + " steps");
        }
        steps += (int) count;
    }

    /** Calls something that may call itself. */
    <T> T deeper(Supplier<T> call) {
        if (++depth > MAX_DEPTH) {
            throw new JinjaException(
                    JinjaException.Kind.LIMIT, "its macros call each other more than " + MAX_DEPTH + " deep");
        }
        try {
            return call.get();
        } finally {
            depth--;
        }
    }
}
