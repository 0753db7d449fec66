package dev.cleave.chat.jinja;

import java.util.List;

/** {@code '%s' % value} and {@code '{}'.format(value)}, in their plain forms. */
final class Formatting {
    private Formatting() {}

    /** Fills {@code %s} and {@code %d}; {@code %%} is a per cent sign. */
    static Text percent(Text format, List<?> values) {
        TextBuilder text = new TextBuilder();
        int used = 0;
        for (int i = 0; i < format.length(); i++) {
            if (format.at(i) != '%') {
                text.append(format.at(i), format.foreignAt(i));
                continue;
            }
            int kind = ++i < format.length() ? format.at(i) : -1;
            if (kind == '%') {
                text.append('%', format.foreignAt(i));
                continue;
            } else if (kind != 's' && kind != 'd') {
                throw JinjaException.unsupported("a format of '%' other than %s, %d and %%");
            } else if (used == values.size()) {
                throw JinjaException.failed("not enough arguments for format string");
            }
            Object value = values.get(used++);
            text.append(kind == 's' ? Printed.text(value) : Printed.text(Values.integer(value, "%d")));
        }
        if (used < values.size()) {
            throw JinjaException.failed("not all arguments converted during string formatting");
        }
        return text.text();
    }

    /** Fills {@code {}}, {@code {0}} and {@code {name}}; twice a brace is one. */
    static Text format(Text format, Arguments arguments) {
        TextBuilder text = new TextBuilder();
        int next = 0;
        for (int i = 0; i < format.length(); i++) {
            int point = format.at(i);
            boolean twice = i + 1 < format.length() && format.at(i + 1) == point;
            if (point != '{' && point != '}') {
                text.append(point, format.foreignAt(i));
            } else if (twice) {
                text.append(point, format.foreignAt(i++));
            } else {
                int end = point == '{' ? Texts.find(format, Text.of("}"), i) : -1;
                if (end < 0) {
                    throw JinjaException.failed("Single '" + (char) point + "' encountered in format string");
                }
                String field = format.slice(i + 1, end).toString();
                text.append(Printed.text(value(field.isEmpty() ? String.valueOf(next++) : field, arguments)));
                i = end;
            }
        }
        return text.text();
    }

    private static Object value(String field, Arguments arguments) {
        if (field.matches("\\d{1,4}")
                && Integer.parseInt(field) < arguments.positional().size()) {
            return arguments.positional().get(Integer.parseInt(field));
        } else if (arguments.named().containsKey(field)) {
            return arguments.named().get(field);
        } else if (field.matches("\\w+")) {
            throw JinjaException.failed("format misses the argument '" + field + "'");
        }
        throw JinjaException.unsupported("the format field '{" + field + "}'");
    }
}
