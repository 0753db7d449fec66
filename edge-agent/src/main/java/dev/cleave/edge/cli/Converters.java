package dev.cleave.edge.cli;

import dev.cleave.codec.CodecException;
import dev.cleave.codec.CodecLevel;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Texts of options to values. */
public final class Converters {
    private Converters() {}

    /** A codec level by name. */
    public static final class Link implements ITypeConverter<CodecLevel> {
        @Override
        public CodecLevel convert(String text) {
            try {
                return CodecLevel.of(text);
            } catch (CodecException e) {
                throw new TypeConversionException("'" + text + "' is none of " + new LinkNames());
            }
        }
    }

    /** The names of all codec levels. */
    public static final class LinkNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        LinkNames() {
            super(CodecLevel.named().stream().map(CodecLevel::name).toList());
        }
    }

    /** A mode by its label. */
    public static final class ModeName implements ITypeConverter<Mode> {
        @Override
        public Mode convert(String text) {
            return Arrays.stream(Mode.values())
                    .filter(mode -> mode.label().equals(text))
                    .findAny()
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of " + new ModeNames()));
        }
    }

    /** The labels of all modes. */
    public static final class ModeNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        ModeNames() {
            super(Arrays.stream(Mode.values()).map(Mode::label).toList());
        }
    }

    /** A precision of keys and values by its label. */
    public static final class KvName implements ITypeConverter<KvPrecision> {
        @Override
        public KvPrecision convert(String text) {
            return Arrays.stream(KvPrecision.values())
                    .filter(kv -> kv.label().equals(text))
                    .findAny()
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of " + new KvNames()));
        }
    }

    /** The labels of all precisions of keys and values. */
    public static final class KvNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        KvNames() {
            super(Arrays.stream(KvPrecision.values()).map(KvPrecision::label).toList());
        }
    }

    /** A time such as {@code 500ms}, {@code 30s} or {@code 2m}; without a unit, seconds. */
    public static final class Time implements ITypeConverter<Duration> {
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
    public static final class Percent implements ITypeConverter<Double> {
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

    /** A size such as {@code 200M} or {@code 1.5G}: bytes, or with a letter behind KiB, MiB or GiB. */
    public static final class Size implements ITypeConverter<Long> {
        private static final Pattern FORM = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,3})?)([KMG]?)(?:i?B)?");
        private static final int KIBI = 1024;

        @Override
        public Long convert(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + text + "' is not a size such as 200M or 1.5G");
            }
            double bytes = Double.parseDouble(matcher.group(1)) * Math.pow(KIBI, "KMG".indexOf(matcher.group(2)) + 1.0);
            if (matcher.group(2).isEmpty()) {
                bytes = Double.parseDouble(matcher.group(1));
            }
            if (bytes < 1 || bytes > (1L << 50)) {
                throw new TypeConversionException("'" + text + "' is not between one byte and 1024T");
            }
            return (long) bytes;
        }
    }

    /** A rate such as {@code 10M}: bits a second, decimal thousands. */
    public static final class BitRate implements ITypeConverter<Double> {
        private static final Pattern FORM = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,3})?)([kMG]?)(?:bit/s)?");
        private static final double[] SCALE = {1e3, 1e6, 1e9};

        @Override
        public Double convert(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches() || Double.parseDouble(matcher.group(1)) <= 0) {
                throw new TypeConversionException("'" + text + "' is not a rate in bits a second such as 500k or 10M");
            }
            double rate = Double.parseDouble(matcher.group(1));
            return matcher.group(2).isEmpty() ? rate : rate * SCALE["kMG".indexOf(matcher.group(2))];
        }
    }
}
