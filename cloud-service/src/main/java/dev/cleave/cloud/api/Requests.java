package dev.cleave.cloud.api;

import dev.cleave.model.json.JsonObject;
import dev.cleave.optimizer.ProfileException;
import dev.cleave.optimizer.file.RequestFile;
import dev.cleave.optimizer.plan.Budget;
import dev.cleave.optimizer.plan.Choices;
import dev.cleave.optimizer.plan.Objective;
import dev.cleave.optimizer.plan.PlanRequest;
import java.util.function.Function;
import java.util.function.Supplier;

/** What requests for one device and for a fleet have in common. */
final class Requests {
    /** Settings that one plan may look at. */
    static final double MOST_SETTINGS = 5e6;

    private Requests() {}

    /** Reads an object within, whose values say of themselves what is wrong without knowing where they stand. */
    static <T> T part(JsonObject json, String name, Function<JsonObject, T> reader) {
        JsonObject part = json.object(name);
        return within(name, () -> reader.apply(part));
    }

    static <T> T within(String whole, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (ProfileException e) {
            throw e.field().equals(whole) || e.field().startsWith(whole + ".") ? e : e.within(whole);
        }
    }

    static Budget budget(JsonObject json) {
        return json.has("budget") ? part(json, "budget", RequestFile::budget) : Budget.NONE;
    }

    static Choices choices(JsonObject json) {
        return json.has("choices") ? part(json, "choices", RequestFile::choices) : Choices.FREE;
    }

    static Objective objective(JsonObject json) {
        return json.has("objective") ? RequestFile.objective(json, "objective") : Objective.TIME;
    }

    /** Returns the request where it is not too much to plan. */
    static PlanRequest bounded(PlanRequest request) {
        if (request.settings() > MOST_SETTINGS) {
            throw new ProfileException(
                    "choices",
                    (long) request.settings() + " settings",
                    "at most " + (long) MOST_SETTINGS + ": fewer splits, widths or qualities");
        }
        return request;
    }
}
