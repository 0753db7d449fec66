package dev.cleave.cloud.settings;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which values one setting may have.
 *
 * @param allowed that, in words for the user, with the range
 * @param accepts whether a text that is not blank is one of them
 */
record Rule(String allowed, Predicate<String> accepts) {
    private static final Set<String> TRUTHS = Set.of("true", "false", "yes", "no", "on", "off", "1", "0");

    /** The framework takes everything that is not true for false, a misspelt true as well. */
    static Rule truth() {
        return new Rule("true or false", text -> TRUTHS.contains(text.toLowerCase(Locale.ROOT)));
    }

    static Rule whole(long least, long most) {
        return new Rule("a whole number, " + least + ".." + most, text -> {
            long value = Long.parseLong(text);
            return value >= least && value <= most;
        });
    }

    static Rule number(double least, double most) {
        return new Rule("a number, " + least + ".." + most, text -> {
            double value = Double.parseDouble(text);
            return value >= least && value <= most;
        });
    }

    /**
     * A length of time.
     *
     * @param range as the user would write it
     */
    static Rule time(String range, Duration least, Duration most) {
        return new Rule("a time with its unit (ms, s, m, h), such as 500ms or 1m30s, " + range, text -> {
            Duration value = new DurationConverter().convert(text);
            return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
        });
    }

    /**
     * An amount of memory, at least one byte.
     *
     * @param range as the user would write it
     */
    static Rule size(String range, long most) {
        return new Rule("bytes, or a whole number with K, M or G behind, " + range, text -> {
            BigInteger value = new MemorySizeConverter().convert(text).asBigInteger();
            return value.signum() > 0 && value.compareTo(BigInteger.valueOf(most)) <= 0;
        });
    }

    static Rule file() {
        return new Rule("a file that exists and can be read", text -> {
            Path path = Path.of(text);
            return Files.isRegularFile(path) && Files.isReadable(path);
        });
    }

    /** Returns whether a value as the user wrote it can be used. */
    boolean allows(String text) {
        try {
            return accepts.test(text.trim());
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            return false;
        }
    }
}
