package dev.cleave.edge.command;

import dev.cleave.codec.CodecException;
import dev.cleave.codec.LinkQuality;
import dev.cleave.model.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Texts of options to values. */
final class Converters {
    private Converters() {}

    /** A link quality by name. */
    static final class Link implements ITypeConverter<LinkQuality> {
        @Override
        public LinkQuality convert(String text) {
            try {
                return LinkQuality.of(text);
            } catch (CodecException e) {
                throw new TypeConversionException("'" + text + "' is none of " + new LinkNames());
            }
        }
    }

    /** The names of all link qualities. */
    static final class LinkNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        LinkNames() {
            super(LinkQuality.named().stream().map(LinkQuality::name).toList());
        }
    }

    /** A mode by its label. */
    static final class ModeName implements ITypeConverter<Mode> {
        @Override
        public Mode convert(String text) {
            return Arrays.stream(Mode.values())
                    .filter(mode -> mode.label().equals(text))
                    .findAny()
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of " + new ModeNames()));
        }
    }

    /** The labels of all modes. */
    static final class ModeNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        ModeNames() {
            super(Arrays.stream(Mode.values()).map(Mode::label).toList());
        }
    }

    /** A time such as {@code 500ms}, {@code 30s} or {@code 2m}; without a unit, seconds. */
    static final class Time implements ITypeConverter<Duration> {
        private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m)?");

        @Override
        public Duration convert(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + text + "' is not a time such as 500ms, 30s or 2m");
            }
            long number = Long.parseLong(matcher.group(1));
            Duration time = switch (matcher.group(2) == null ? "s" : matcher.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofSeconds(number);
            };
            if (time.isZero() || time.compareTo(Duration.ofDays(1)) > 0) {
                throw new TypeConversionException("'" + text + "' is not between 1ms and one day");
            }
            return time;
        }
    }

    /** A share such as {@code 1%} or {@code 0.01}. */
    static final class Percent implements ITypeConverter<Double> {
        private static final Pattern FORM = Pattern.compile("(\\d{1,4}(?:\\.\\d{1,9})?)(%?)");

        @Override
        public Double convert(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + text + "' is not a share such as 1% or 0.01");
            }
            double number = Double.parseDouble(matcher.group(1));
            return matcher.group(2).isEmpty() ? number : number / 100;
        }
    }
}
