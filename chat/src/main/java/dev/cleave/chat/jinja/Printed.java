package dev.cleave.chat.jinja;

import dev.cleave.chat.jinja.Sequences.Tuple;
import java.util.List;
import java.util.Map;

/** Values as text: Python's {@code str} and {@code repr}. */
final class Printed {
    private Printed() {}

    static Text text(Object value) {
        if (value instanceof Text) {
            return (Text) value;
        }
        return value instanceof Undefined ? Text.EMPTY : repr(value);
    }

    static Text repr(Object value) {
        TextBuilder text = new TextBuilder();
        repr(value, text);
        return text.text();
    }

    private static void repr(Object value, TextBuilder to) {
        if (value == null) {
            to.append("None");
        } else if (value instanceof Boolean) {
            to.append((Boolean) value ? "True" : "False");
        } else if (value instanceof Long) {
            to.append(value.toString());
        } else if (value instanceof Double) {
            to.append(Numbers.text((Double) value));
        } else if (value instanceof Text) {
            quoted((Text) value, to);
        } else if (value instanceof Tuple && ((Tuple) value).isRange()) {
            to.append(((Tuple) value).shown());
        } else if (value instanceof Tuple) {
            items((Tuple) value, "(", ((Tuple) value).size() == 1 ? ",)" : ")", to);
        } else if (value instanceof List) {
            items((List<?>) value, "[", "]", to);
        } else if (value instanceof Map) {
            String between = "{";
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                to.append(between);
                repr(entry.getKey(), to);
                to.append(": ");
                repr(entry.getValue(), to);
                between = ", ";
            }
            to.append(((Map<?, ?>) value).isEmpty() ? "{}" : "}");
        } else if (value instanceof Sequences.View) {
            items(((Sequences.View) value).items(), Values.type(value) + "([", "])", to);
        } else if (value instanceof Undefined) {
            to.append("Undefined");
        } else {
            throw JinjaException.unsupported("printing a value of type '" + Values.type(value) + "'");
        }
    }

    private static void items(List<?> items, String begin, String end, TextBuilder to) {
        to.append(begin);
        for (int i = 0; i < items.size(); i++) {
            to.append(i == 0 ? "" : ", ");
            repr(items.get(i), to);
        }
        to.append(end);
    }

    private static void quoted(Text text, TextBuilder to) {
        String all = text.toString();
        char quote = all.indexOf('\'') >= 0 && all.indexOf('"') < 0 ? '"' : '\'';
        to.append(quote, false);
        for (int i = 0; i < text.length(); i++) {
            int point = text.at(i);
            boolean foreign = text.foreignAt(i);
            if (point == quote || point == '\\') {
                to.append('\\', foreign).append(point, foreign);
            } else if ("\n\r\t".indexOf(point) >= 0) {
                to.append('\\', foreign).append("nrt".charAt("\n\r\t".indexOf(point)), foreign);
            } else if (Characters.isPrintable(point)) {
                to.append(point, foreign);
            } else {
                to.append(
                        point < 0x100
                                ? String.format("\\x%02x", point)
                                : String.format(point < 0x10000 ? "\\u%04x" : "\\U%08x", point),
                        foreign);
            }
        }
        to.append(quote, false);
    }
}
