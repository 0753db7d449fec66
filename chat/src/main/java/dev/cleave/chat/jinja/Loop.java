package dev.cleave.chat.jinja;

import java.util.List;
import java.util.function.Function;

/** The variable {@code loop}. */
final class Loop {
    private final List<Object> items;
    private final int depth;
    private final Function<Object, Text> recursion;
    private int index;
    private List<Object> changed;

    /** A loop; the recursion is null where it was not said to be recursive. */
    Loop(List<Object> items, int depth, Function<Object, Text> recursion) {
        this.items = items;
        this.depth = depth;
        this.recursion = recursion;
    }

    void at(int position) {
        index = position;
    }

    int size() {
        return items.size();
    }

    Object attribute(String name) {
        switch (name) {
            case "index":
                return index + 1L;
            case "index0":
                return (long) index;
            case "revindex":
                return (long) items.size() - index;
            case "revindex0":
                return items.size() - index - 1L;
            case "first":
                return index == 0;
            case "last":
                return index == items.size() - 1;
            case "length":
                return (long) items.size();
            case "depth":
                return depth + 1L;
            case "depth0":
                return (long) depth;
            case "previtem":
                return index == 0 ? new Undefined("there is no previous item") : items.get(index - 1);
            case "nextitem":
                return index == items.size() - 1 ? new Undefined("there is no next item") : items.get(index + 1);
            case "cycle":
                return (Callable) arguments -> {
                    if (arguments.positional().isEmpty()) {
                        throw JinjaException.failed("no items for cycling given");
                    }
                    return arguments
                            .positional()
                            .get(index % arguments.positional().size());
                };
            case "changed":
                return (Callable) arguments -> {
                    boolean same = changed != null && Values.equal(changed, arguments.positional());
                    changed = arguments.positional();
                    return !same;
                };
            default:
                return new Undefined("'jinja2.runtime.LoopContext object' has no attribute '" + name + "'");
        }
    }

    Text recurse(Object deeper) {
        if (recursion == null) {
            throw JinjaException.failed("The loop must have the 'recursive' marker to be called recursively.");
        }
        return recursion.apply(deeper);
    }
}
