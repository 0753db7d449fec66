package dev.cleave.optimizer.profile;

import dev.cleave.optimizer.ProfileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;

/** What every profile and budget is held to. NaN is in no range. */
public final class Checks {
    private Checks() {}

    /** Returns the value where it is in least..most. */
    public static double within(String field, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new ProfileException(field, value, "a number in " + least + ".." + most);
        }
        return value;
    }

    /** Returns the value where it is in least..most. */
    public static long within(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new ProfileException(field, value, "an integer in " + least + ".." + most);
        }
        return value;
    }

    /** Returns an unmodifiable copy, in which no two elements have the same key. */
    public static <T> List<T> distinct(String field, Collection<T> values, Function<T, Object> key) {
        HashSet<Object> seen = new HashSet<>();
        for (T value : values) {
            if (!seen.add(key.apply(value))) {
                throw new ProfileException(field, key.apply(value) + " twice", "each once");
            }
        }
        return copy(values);
    }

    /** Returns an unmodifiable copy. */
    public static <T> List<T> copy(Collection<T> values) {
        return Collections.unmodifiableList(new ArrayList<>(values));
    }
}
