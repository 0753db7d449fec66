package dev.cleave.model.bundle;

import dev.cleave.model.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The added tokens of a checkpoint, as Transformers brings them together: those of tokenizer.json; behind them those of {@code
 * added_tokens_decoder} in tokenizer_config.json, by their index, where they differ; and what that file names as beginning,
 * end, padding and the like, where it is no added token yet. Of two of one content the later counts.
 */
final class AddedTokensJson {
    private static final String[] FLAGS = {"single_word", "lstrip", "rstrip", "normalized", "special"};
    private static final String[] NAMED = {
        "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"
    };

    private AddedTokensJson() {}

    /**
     * Returns the list {@code added_tokens}.
     *
     * @param tokenizer tokenizer.json
     * @param config tokenizer_config.json, or null
     */
    static List<Map<String, Object>> merged(JsonObject tokenizer, JsonObject config) {
        List<Map<String, Object>> tokens = new ArrayList<>();
        int count =
                tokenizer.has("added_tokens") ? tokenizer.list("added_tokens").size() : 0;
        for (int i = 0; i < count; i++) {
            tokens.add(tokenizer.element("added_tokens", i).fields());
        }
        if (config == null) {
            return tokens;
        }
        if (config.has("added_tokens_decoder")) {
            JsonObject decoder = config.object("added_tokens_decoder");
            Map<Integer, Map<String, Object>> byIndex = new TreeMap<>();
            for (String index : decoder.fields().keySet()) {
                if (!index.matches("[0-9]{1,9}")) {
                    throw decoder.malformed(index, "a token id is expected as the name");
                }
                byIndex.put(Integer.valueOf(index), token(decoder.object(index), Long.valueOf(index), false));
            }
            byIndex.values().forEach(token -> addUnlessSame(tokens, token));
        }
        for (String name : NAMED) {
            if (config.has(name)) {
                addUnlessKnown(tokens, config, name, config.fields().get(name));
            }
        }
        if (config.fields().get("additional_special_tokens") instanceof List<?> more) {
            more.forEach(value -> addUnlessKnown(tokens, config, "additional_special_tokens", value));
        }
        return tokens;
    }

    private static Map<String, Object> token(JsonObject stated, Long id, boolean special) {
        Map<String, Object> token = new LinkedHashMap<>();
        if (id != null) {
            token.put("id", id);
        }
        token.put("content", stated.string("content"));
        boolean marker = stated.bool("special", special);
        for (String flag : FLAGS) {
            token.put(flag, stated.bool(flag, flag.equals("normalized") ? !marker : flag.equals("special") && marker));
        }
        return token;
    }

    private static void addUnlessSame(List<Map<String, Object>> tokens, Map<String, Object> token) {
        for (int i = tokens.size() - 1; i >= 0; i--) {
            if (token.get("content").equals(tokens.get(i).get("content"))) {
                for (String flag : FLAGS) {
                    if (!token.get(flag).equals(tokens.get(i).get(flag))) {
                        tokens.add(token);
                        return;
                    }
                }
                return;
            }
        }
        tokens.add(token);
    }

    /** Adds a token that is written as its text, or as an object. */
    private static void addUnlessKnown(List<Map<String, Object>> tokens, JsonObject config, String name, Object value) {
        boolean wrapped = value instanceof Map;
        if (!wrapped && !(value instanceof String)) {
            throw config.unexpected(name, "a token, as text or as an object with its content,");
        }
        Object content = wrapped ? ((Map<?, ?>) value).get("content") : value;
        if (!(content instanceof String) || ((String) content).isEmpty()) {
            return;
        }
        if (tokens.stream().noneMatch(token -> content.equals(token.get("content")))) {
            Map<String, Object> token = new LinkedHashMap<>();
            token.put("content", content);
            for (String flag : FLAGS) {
                token.put(flag, flag.equals("special"));
            }
            tokens.add(token);
        }
    }
}
