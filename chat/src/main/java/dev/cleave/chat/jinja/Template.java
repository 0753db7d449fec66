package dev.cleave.chat.jinja;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A template that was read. Safe for many threads. */
public final class Template {
    private static final int MAX_RANGE = 100_000;

    private final Statement body;

    private Template(Statement body) {
        this.body = body;
    }

    /**
     * Reads a template.
     *
     * @throws JinjaException where it is none, or uses a statement that is not supported
     */
    public static Template parse(String template) {
        return new Template(Parser.parse(template));
    }

    /**
     * Renders it.
     *
     * @param variables by name: null, Boolean, Long, Double, {@link Text}, List, or Map with texts as keys
     * @param clock what {@code strftime_now} tells
     * @throws JinjaException where it cannot be rendered
     */
    public Text render(Map<String, Object> variables, Supplier<LocalDateTime> clock) {
        Map<String, Callable> functions = new LinkedHashMap<>();
        functions.put("raise_exception", arguments -> {
            Object message = arguments.bind("raise_exception", new String[] {"message"})[0];
            throw new JinjaException(
                    JinjaException.Kind.RAISED, Printed.text(message).shown());
        });
        functions.put(
                "strftime_now",
                arguments -> Dates.format(
                        clock.get(), Printed.text(arguments.bind("strftime_now", new String[] {"format"})[0])));
        functions.put("namespace", Template::namespace);
        functions.put("dict", arguments -> {
            Map<Object, Object> dict = new LinkedHashMap<>();
            if (arguments.withNames("dict", 1).length > 0) {
                if (!(arguments.positional().get(0) instanceof Map)) {
                    throw JinjaException.unsupported("dict() of a value other than a dict");
                }
                dict.putAll((Map<?, ?>) arguments.positional().get(0));
            }
            arguments.named().forEach((name, value) -> dict.put(Text.of(name), value));
            return dict;
        });
        functions.put("range", arguments -> range(arguments.plain("range", 1, 3)));
        TextBuilder out = new TextBuilder();
        try {
            body.execute(Scope.root(new Run(functions), variables), out);
        } catch (StackOverflowError e) {
            throw new JinjaException(JinjaException.Kind.LIMIT, "it nests too deep");
        }
        return out.text();
    }

    private static Object namespace(Arguments arguments) {
        Namespace namespace = new Namespace();
        for (Object dict : arguments.withNames("namespace", 1)) {
            if (!(dict instanceof Map)) {
                throw JinjaException.unsupported("namespace() of a value other than a dict");
            }
            ((Map<?, ?>) dict).forEach((name, value) -> namespace.set(name.toString(), value));
        }
        arguments.named().forEach(namespace::set);
        return namespace;
    }

    private static Object range(Object[] bound) {
        long first = Values.integer(bound[0], "range");
        long start = bound[1] == null ? 0 : first;
        long stop = bound[1] == null ? first : Values.integer(bound[1], "range");
        long step = bound[2] == null ? 1 : Values.integer(bound[2], "range");
        if (step == 0) {
            throw JinjaException.failed("range() arg 3 must not be zero");
        }
        List<Object> items = new ArrayList<>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
            if (items.size() == MAX_RANGE) {
                throw new JinjaException(
                        JinjaException.Kind.LIMIT,
                        "Range too big. The sandbox blocks ranges larger than " + MAX_RANGE + ".");
            }
            items.add(i);
        }
        return Sequences.Tuple.range(items, "range(" + start + ", " + stop + (step == 1 ? ")" : ", " + step + ")"));
    }
}
