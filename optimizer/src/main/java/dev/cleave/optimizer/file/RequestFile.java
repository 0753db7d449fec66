package dev.cleave.optimizer.file;

import dev.cleave.model.ModelException;
import dev.cleave.model.json.JsonObject;
import dev.cleave.optimizer.plan.Budget;
import dev.cleave.optimizer.plan.Choices;
import dev.cleave.optimizer.plan.Constraint;
import dev.cleave.optimizer.plan.Demand;
import dev.cleave.optimizer.plan.Objective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked of a planner, as JSON: the names are those of {@link PlanFile}. Fields that nobody would read are refused. All
 * methods throw {@link ModelException} with {@code MALFORMED} or {@link dev.cleave.optimizer.ProfileException}, naming field,
 * value and what was expected.
 */
public final class RequestFile {
    private static final int MOST_TOKENS = 1 << 24;
    private static final int MOST_CHOICES = 1001;
    private static final int MOST_TEXT = 64;
    private static final double LEAST_MILLIS = 1e-6;
    private static final String MISS_SHARE = "missShare";
    private static final List<Objective> NAMED =
            Arrays.asList(Objective.TIME, Objective.QUALITY, Objective.LENGTH, Objective.BYTES, Objective.CLOUD);

    private RequestFile() {}

    /**
     * Reads {@code {"promptTokens", "answerTokens", "leastTokens", "mostTokens"}}; {@code leastTokens} is prompt and answer unless
     * it is said, and {@code mostTokens} is {@code leastTokens}.
     */
    public static Demand demand(JsonObject json) {
        json.only(Arrays.asList("promptTokens", "answerTokens", "leastTokens", "mostTokens"));
        int prompt = json.int32("promptTokens", 1, MOST_TOKENS);
        int answer = json.int32("answerTokens", 1, MOST_TOKENS);
        int least = json.int32("leastTokens", 1, MOST_TOKENS, prompt + answer);
        return new Demand(prompt, answer, least, json.int32("mostTokens", 1, MOST_TOKENS, least));
    }

    /** Reads limits; what is absent is not limited, and {@code missShare} is that of {@link Budget#NONE}. */
    public static Budget budget(JsonObject json) {
        List<String> known = new ArrayList<>();
        for (Constraint constraint : Constraint.values()) {
            known.add(PlanFile.name(constraint));
        }
        known.add(MISS_SHARE);
        json.only(known);
        return new Budget(
                limit(json, Constraint.MEMORY, 1),
                limit(json, Constraint.FIRST_TOKEN, LEAST_MILLIS),
                limit(json, Constraint.TOKEN, LEAST_MILLIS),
                json.number(MISS_SHARE, 0, 0.5, Budget.NONE.missShare()),
                limit(json, Constraint.LOSS, 0));
    }

    private static double limit(JsonObject json, Constraint constraint, double least) {
        return json.number(PlanFile.name(constraint), least, Double.MAX_VALUE, Budget.UNLIMITED);
    }

    /** Reads a name, such as {@code "time"}, or an object of weights. */
    public static Objective objective(JsonObject parent, String name) {
        if (!(parent.fields().get(name) instanceof String)) {
            return weights(parent.object(name));
        }
        String wanted = parent.string(name);
        Optional<Objective> found =
                NAMED.stream().filter(some -> some.name().equals(wanted)).findFirst();
        if (!found.isPresent()) {
            List<String> names = new ArrayList<>();
            NAMED.forEach(some -> names.add(some.name()));
            throw parent.unexpected(name, "one of " + String.join(", ", names) + ", or an object of weights");
        }
        return found.get();
    }

    private static Objective weights(JsonObject json) {
        json.only(Arrays.asList("name", "perMilli", "perNat", "perByte", "perCloudMilli", "perTokenOfLength"));
        String name = json.string("name", "weights");
        if (name.isEmpty() || name.length() > MOST_TEXT) {
            throw json.unexpected("name", "a text of 1.." + MOST_TEXT + " characters");
        }
        return new Objective(
                name,
                weight(json, "perMilli"),
                weight(json, "perNat"),
                weight(json, "perByte"),
                weight(json, "perCloudMilli"),
                weight(json, "perTokenOfLength"));
    }

    private static double weight(JsonObject json, String name) {
        return json.number(name, 0, Double.MAX_VALUE, 0);
    }

    /** Reads what a plan may choose from; an absent or empty list leaves the choice free. */
    public static Choices choices(JsonObject json) {
        json.only(Arrays.asList("splits", "frontBits", "backBits", "promptLinks", "decodeLinks", "kv"));
        return new Choices(
                integers(json, "splits"),
                integers(json, "frontBits"),
                integers(json, "backBits"),
                texts(json, "promptLinks"),
                texts(json, "decodeLinks"),
                texts(json, "kv"));
    }

    private static List<Integer> integers(JsonObject json, String name) {
        Set<Integer> values = new LinkedHashSet<>();
        for (Object value : some(json, name)) {
            if (!(value instanceof Long) || (long) value < 0 || (long) value > Integer.MAX_VALUE) {
                throw json.unexpected(name, "a list of integers from 0");
            }
            values.add(((Long) value).intValue());
        }
        return new ArrayList<>(values);
    }

    private static List<String> texts(JsonObject json, String name) {
        Set<String> values = new LinkedHashSet<>();
        for (Object value : some(json, name)) {
            if (!(value instanceof String) || ((String) value).length() > MOST_TEXT) {
                throw json.unexpected(name, "a list of texts of at most " + MOST_TEXT + " characters");
            }
            values.add((String) value);
        }
        return new ArrayList<>(values);
    }

    private static List<Object> some(JsonObject json, String name) {
        if (!json.has(name)) {
            return new ArrayList<>();
        }
        List<Object> list = json.list(name);
        if (list.size() > MOST_CHOICES) {
            throw json.malformed(name, "at most " + MOST_CHOICES + " elements are expected, found " + list.size());
        }
        return list;
    }
}
