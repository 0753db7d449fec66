package dev.cleave.chat.jinja;

import java.util.AbstractList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** Python's sequences and iterables beside lists, which are {@link java.util.List}s. */
final class Sequences {
    private Sequences() {}

    /** A tuple, or a range, which differs in what it prints. */
    static final class Tuple extends AbstractList<Object> {
        private final List<Object> items;
        private final String shown;

        Tuple(List<Object> items) {
            this(items, "");
        }

        private Tuple(List<Object> items, String shown) {
            this.items = items;
            this.shown = shown;
        }

        static Tuple of(Object... items) {
            return new Tuple(java.util.Arrays.asList(items));
        }

        static Tuple range(List<Object> items, String shown) {
            return new Tuple(items, shown);
        }

        boolean isRange() {
            return !shown.isEmpty();
        }

        String shown() {
            return shown;
        }

        @Override
        public Object get(int index) {
            return items.get(index);
        }

        @Override
        public int size() {
            return items.size();
        }
    }

    /** What filters such as {@code map} give: true whatever it holds, without length or index, and empty once it was read. */
    static final class Generator {
        private Iterator<?> items;

        Generator(List<?> items) {
            this.items = items.iterator();
        }

        List<Object> drain() {
            List<Object> rest = new java.util.ArrayList<>();
            items.forEachRemaining(rest::add);
            items = Collections.emptyIterator();
            return rest;
        }
    }

    /**
     * Keys, values or items of a dict: has a length, but no index.
     *
     * @param kind of the three
     * @param items it holds
     */
    record View(String kind, List<Object> items) {}
}
