package dev.cleave.model.bundle;

import dev.cleave.model.json.JsonObject;
import dev.cleave.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The tokens at the ends of a text.
 *
 * @param bosId begins a text, where the model has one
 * @param stopIds end a text
 * @param bosText the beginning token as chat templates write it
 * @param eosText the end token as chat templates write it
 */
record SpecialTokens(OptionalInt bosId, List<Integer> stopIds, Optional<String> bosText, Optional<String> eosText) {
    private static final int MAX_ID = 1 << 22;

    void write(Map<String, Object> json) {
        bosId.ifPresent(id -> json.put("bosId", id));
        json.put("stopIds", stopIds);
        bosText.ifPresent(text -> json.put("bosText", text));
        eosText.ifPresent(text -> json.put("eosText", text));
    }

    static SpecialTokens read(JsonObject json) {
        return new SpecialTokens(
                first(ids(json, "bosId")),
                ids(json, "stopIds"),
                Optional.ofNullable(json.string("bosText", null)),
                Optional.ofNullable(json.string("eosText", null)));
    }

    /**
     * Collects them from a checkpoint.
     *
     * @param config {@code config.json}
     * @param generation {@code generation_config.json}, which goes before, or null
     * @param tokenizer {@code tokenizer_config.json}, or null
     */
    static SpecialTokens of(JsonObject config, JsonObject generation, JsonObject tokenizer) {
        return new SpecialTokens(
                first(ids(having(generation, config, "bos_token_id"), "bos_token_id")),
                ids(having(generation, config, "eos_token_id"), "eos_token_id"),
                text(tokenizer, "bos_token"),
                text(tokenizer, "eos_token"));
    }

    /**
     * Returns the same with the end token that tokenizer_config.json names as one more end: configurations that name none, or
     * only that of the base model, are common, and whoever trained with that token meant it to end a text. (Transformers goes by
     * the configuration alone; llama.cpp, vLLM and MLX do as it is done here.) A beginning token for which the embedding has no
     * row is none.
     *
     * @param tokenizer that knows the id of the end token
     * @param vocabulary rows of the embedding
     */
    SpecialTokens with(Tokenizer tokenizer, int vocabulary) {
        List<Integer> ends = new ArrayList<>(stopIds);
        OptionalInt end = eosText.isPresent() ? tokenizer.id(eosText.get()) : OptionalInt.empty();
        if (end.isPresent() && end.getAsInt() < vocabulary && !ends.contains(end.getAsInt())) {
            ends.add(end.getAsInt());
        }
        boolean begins = bosId.isPresent() && bosId.getAsInt() < vocabulary;
        return new SpecialTokens(
                begins ? bosId : OptionalInt.empty(), Collections.unmodifiableList(ends), bosText, eosText);
    }

    private static JsonObject having(JsonObject preferred, JsonObject otherwise, String name) {
        return preferred != null && preferred.has(name) ? preferred : otherwise;
    }

    /** Ids are written as one integer or as a list of them. */
    private static List<Integer> ids(JsonObject json, String name) {
        List<Integer> ids = new ArrayList<>();
        if (json.fields().get(name) instanceof List) {
            for (Object id : json.list(name)) {
                if (!(id instanceof Long) || (long) id < 0 || (long) id > MAX_ID) {
                    throw json.malformed(name, "token ids in 0.." + MAX_ID + " are expected, found " + id);
                }
                ids.add(((Long) id).intValue());
            }
        } else if (json.has(name)) {
            ids.add(json.int32(name, 0, MAX_ID));
        }
        return Collections.unmodifiableList(ids);
    }

    private static OptionalInt first(List<Integer> ids) {
        return ids.isEmpty() ? OptionalInt.empty() : OptionalInt.of(ids.get(0));
    }

    /** Texts are written as they are, or as an object with their content. */
    private static Optional<String> text(JsonObject json, String name) {
        if (json == null || !json.has(name)) {
            return Optional.empty();
        }
        boolean wrapped = json.fields().get(name) instanceof Map;
        return Optional.of(wrapped ? json.object(name).string("content") : json.string(name));
    }
}
