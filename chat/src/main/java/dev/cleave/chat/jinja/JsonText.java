package dev.cleave.chat.jinja;

import java.util.List;
import java.util.Map;

/** Python's {@code json.dumps}, with whose defaults Transformers replaces the filter {@code tojson}. */
final class JsonText {
    private final boolean ascii;
    private final String indent;
    private final Text between;
    private final Text colon;
    private final boolean sorted;
    private final TextBuilder to = new TextBuilder();

    private JsonText(boolean ascii, String indent, Text between, Text colon, boolean sorted) {
        this.ascii = ascii;
        this.indent = indent;
        this.between = between;
        this.colon = colon;
        this.sorted = sorted;
    }

    /** Applies the filter. */
    static Text of(Object value, Arguments arguments) {
        Object[] bound = arguments.bind(
                "tojson", new String[] {"ensure_ascii", "indent", "separators", "sort_keys"}, false, null, null, false);
        String indent = bound[1] == null
                ? null
                : bound[1] instanceof Text
                        ? bound[1].toString()
                        : " ".repeat((int) Math.max(0, Math.min(64, Values.integer(bound[1], "indent"))));
        List<Object> separators = bound[2] == null
                ? List.of(Text.of(indent == null ? ", " : ","), Text.of(": "))
                : Values.items(bound[2]);
        if (separators.size() != 2 || !(separators.get(0) instanceof Text) || !(separators.get(1) instanceof Text)) {
            throw JinjaException.failed("tojson: separators are two texts");
        }
        JsonText json = new JsonText(
                Values.isTrue(bound[0]),
                indent,
                (Text) separators.get(0),
                (Text) separators.get(1),
                Values.isTrue(bound[3]));
        json.write(value, "\n");
        return json.to.text();
    }

    private void write(Object value, String line) {
        if (value == null) {
            to.append("null");
        } else if (value instanceof Boolean || value instanceof Long) {
            to.append(value.toString());
        } else if (value instanceof Double) {
            double number = (Double) value;
            to.append(
                    Double.isNaN(number)
                            ? "NaN"
                            : Double.isInfinite(number) ? number > 0 ? "Infinity" : "-Infinity" : Numbers.text(number));
        } else if (value instanceof Text) {
            quoted((Text) value);
        } else if (value instanceof List && !Values.type(value).equals("range")) {
            list((List<?>) value, line);
        } else if (value instanceof Map) {
            object((Map<?, ?>) value, line);
        } else {
            String type = value instanceof Undefined ? "Undefined" : Values.type(value);
            throw JinjaException.failed("Object of type " + type + " is not JSON serializable");
        }
    }

    private void list(List<?> items, String line) {
        String inner = indent == null ? "" : line + indent;
        to.append("[");
        for (int i = 0; i < items.size(); i++) {
            to.append(i == 0 ? Text.EMPTY : between).append(inner);
            write(items.get(i), inner);
        }
        to.append(indent == null || items.isEmpty() ? "" : line).append("]");
    }

    private void object(Map<?, ?> object, String line) {
        String inner = indent == null ? "" : line + indent;
        List<Object> keys = Values.items(object);
        if (sorted) {
            keys.sort(Values::compare);
        }
        to.append("{");
        for (int i = 0; i < keys.size(); i++) {
            to.append(i == 0 ? Text.EMPTY : between).append(inner);
            quoted(Printed.text(keys.get(i)));
            to.append(colon);
            write(object.get(keys.get(i)), inner);
        }
        to.append(indent == null || keys.isEmpty() ? "" : line).append("}");
    }

    private void quoted(Text text) {
        to.append("\"");
        for (int i = 0; i < text.length(); i++) {
            int point = text.at(i);
            boolean foreign = text.foreignAt(i);
            int known = "\"\\\n\r\t\b\f".indexOf(point);
            if (known >= 0) {
                to.append('\\', foreign).append("\"\\nrtbf".charAt(known), foreign);
            } else if (point < ' ' || ascii && point > '~') {
                for (char unit : Character.toChars(point)) {
                    to.append(String.format("\\u%04x", (int) unit), foreign);
                }
            } else {
                to.append(point, foreign);
            }
        }
        to.append("\"");
    }
}
