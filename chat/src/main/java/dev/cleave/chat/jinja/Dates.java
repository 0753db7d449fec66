package dev.cleave.chat.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** {@code strftime} in the C locale. */
final class Dates {
    private static final String DIRECTIVES = "dmYyBbhAaHIMSpjFTD";
    private static final String[] PATTERNS = {
        "dd",
        "MM",
        "yyyy",
        "yy",
        "MMMM",
        "MMM",
        "MMM",
        "EEEE",
        "EEE",
        "HH",
        "hh",
        "mm",
        "ss",
        "a",
        "DDD",
        "yyyy-MM-dd",
        "HH:mm:ss",
        "MM/dd/yy"
    };

    private Dates() {}

    static Text format(LocalDateTime time, Text format) {
        TextBuilder text = new TextBuilder();
        for (int i = 0; i < format.length(); i++) {
            if (format.at(i) != '%') {
                text.append(format.at(i), format.foreignAt(i));
                continue;
            }
            int directive = ++i < format.length() ? format.at(i) : -1;
            boolean unpadded = directive == '-' && i + 1 < format.length();
            int known = DIRECTIVES.indexOf(unpadded ? format.at(++i) : directive);
            if (directive == '%' || directive == 'e') {
                text.append(directive == '%' ? "%" : String.format("%2d", time.getDayOfMonth()));
            } else if (known < 0) {
                throw JinjaException.unsupported("a directive of strftime_now in '" + format + "'");
            } else {
                String shown = time.format(DateTimeFormatter.ofPattern(PATTERNS[known], Locale.ENGLISH));
                text.append(unpadded ? shown.replaceFirst("^0(?=\\d)", "") : shown);
            }
        }
        return text.text();
    }
}
