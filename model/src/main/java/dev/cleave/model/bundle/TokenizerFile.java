package dev.cleave.model.bundle;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.checkpoint.CheckpointJson;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import dev.cleave.model.json.JsonWriter;
import dev.cleave.model.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint's tokenizer.json as a bundle holds it: with the tokens that tokenizer_config.json adds, as in Transformers, and
 * without those for which the embedding has no row, so that these are text where they stand in a text.
 *
 * @param json the file's bytes; the checkpoint's own where nothing had to be changed
 * @param tokenizer that they describe
 * @param notes what whoever prepares should know
 */
record TokenizerFile(byte[] json, Tokenizer tokenizer, List<String> notes) {
    private static final int MOST_NAMES = 10;

    /**
     * Reads the file.
     *
     * @param file tokenizer.json
     * @param config tokenizer_config.json, or null
     * @param vocabulary rows of the embedding
     * @throws ModelException what {@link Tokenizer#of} throws; {@code UNSUPPORTED} where a token without a row stands round
     *     every text
     */
    static TokenizerFile read(Path file, JsonObject config, int vocabulary) {
        byte[] bytes = CheckpointJson.bytes(file, Json.MAX_BYTES);
        JsonObject object = Json.parsePublished(bytes, file.toString());
        Tokenizer tokenizer = Tokenizer.of(bytes);
        Map<String, Object> root = new LinkedHashMap<>(object.fields());
        List<Map<String, Object>> added = AddedTokensJson.merged(object, config);
        boolean changed = added.size()
                != (object.has("added_tokens") ? object.list("added_tokens").size() : 0);
        root.put("added_tokens", added);
        if (changed) {
            tokenizer = Tokenizer.of(JsonWriter.compact(root));
        }
        List<String> notes = new ArrayList<>(otherIds(added, tokenizer));
        if (tokenizer.vocabularySize() > vocabulary) {
            refuseInTemplate(file, tokenizer, vocabulary);
            notes.add(remove(file, root, tokenizer, vocabulary));
            changed = true;
        }
        if (!changed) {
            return new TokenizerFile(bytes, tokenizer, notes);
        }
        byte[] written = JsonWriter.compact(root);
        return new TokenizerFile(written, Tokenizer.of(written), notes);
    }

    /** The library numbers added tokens itself; a file that says otherwise was changed by hand or by another tool. */
    private static List<String> otherIds(List<Map<String, Object>> added, Tokenizer tokenizer) {
        List<String> notes = new ArrayList<>();
        for (Map<String, Object> token : added) {
            String content = String.valueOf(token.get("content"));
            int id = tokenizer.id(content).orElse(-1);
            if (token.get("id") instanceof Long stated && stated != id && id >= 0 && notes.size() < MOST_NAMES) {
                notes.add("added token \"" + content + "\" gets the id " + id + ", as in the tokenizers library, not "
                        + stated + " as its file states");
            }
        }
        return notes;
    }

    private static void refuseInTemplate(Path file, Tokenizer tokenizer, int vocabulary) {
        for (int id : tokenizer.encode("", true)) {
            if (id >= vocabulary) {
                throw new ModelException(
                        Reason.UNSUPPORTED,
                        file + ": field post_processor puts token " + id
                                + " round every text, but the embedding has rows 0.." + (vocabulary - 1)
                                + " only. Take the model's own tokenizer");
            }
        }
    }

    /** Removes the tokens without a row, and the merges that make or take them; returns what to say of that. */
    private static String remove(Path file, Map<String, Object> root, Tokenizer tokenizer, int vocabulary) {
        List<String> gone = new ArrayList<>();
        Map<String, Object> model = new LinkedHashMap<>(map(root.get("model")));
        Map<String, Object> vocab = new LinkedHashMap<>(map(model.get("vocab")));
        vocab.entrySet().removeIf(token -> {
            boolean without = ((Long) token.getValue()) >= vocabulary;
            if (without) {
                gone.add("\"" + token.getKey() + "\" (" + token.getValue() + ")");
            }
            return without;
        });
        if (!gone.isEmpty()) {
            List<Object> merges = new ArrayList<>((List<?>) model.get("merges"));
            merges.removeIf(merge -> !makes(merge, vocab));
            model.put("merges", merges);
            model.put("vocab", vocab);
            root.put("model", model);
        }
        List<Map<String, Object>> kept = new ArrayList<>();
        for (Object token : (List<?>) root.get("added_tokens")) {
            String content = String.valueOf(map(token).get("content"));
            int id = tokenizer.id(content).orElse(-1);
            String named = "\"" + content + "\" (" + id + ")";
            if (id < vocabulary) {
                kept.add(map(token));
            } else if (!gone.contains(named)) {
                gone.add(named);
            }
        }
        root.put("added_tokens", kept);
        refuseOtherIds(file, kept, tokenizer, Tokenizer.of(JsonWriter.compact(root)));
        return "the embedding has no row, of its 0.." + (vocabulary - 1) + ", for " + gone.size() + " of the tokens: "
                + String.join(", ", gone.subList(0, Math.min(MOST_NAMES, gone.size())))
                + (gone.size() > MOST_NAMES ? " …" : "") + ". In a text they are encoded as text";
    }

    private static boolean makes(Object merge, Map<String, Object> vocab) {
        List<?> pair = merge instanceof String line ? List.of(line.split(" ")) : (List<?>) merge;
        if (pair.size() != 2 || String.valueOf(merge).startsWith("#version")) {
            return true;
        }
        return vocab.containsKey(pair.get(0))
                && vocab.containsKey(pair.get(1))
                && vocab.containsKey("" + pair.get(0) + pair.get(1));
    }

    private static void refuseOtherIds(Path file, List<Map<String, Object>> kept, Tokenizer before, Tokenizer after) {
        for (Map<String, Object> token : kept) {
            String content = String.valueOf(token.get("content"));
            if (!before.id(content).equals(after.id(content))) {
                throw new ModelException(
                        Reason.UNSUPPORTED,
                        file
                                + ": the ids of its vocabulary leave gaps and reach beyond the embedding, so that it is not"
                                + " known which id \"" + content + "\" has. Take the model's own tokenizer");
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
