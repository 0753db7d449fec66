package dev.cleave.model.tokenizer;

import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A tokenizer.json that is put together of parts, so that every component can be met in every setting. */
final class Shape {
    static final String LLAMA_3_WORDS =
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}{1,3}"
                    + "| ?[^\\\\s\\\\p{L}\\\\p{N}]+[\\\\r\\\\n]*|\\\\s*[\\\\r\\\\n]+|\\\\s+(?!\\\\S)|\\\\s+";
    static final String BYTE_LEVEL =
            "{'type':'ByteLevel','add_prefix_space':false,'trim_offsets':true,'use_regex':false}";
    private static final String MARK = "\u2581";

    private final Map<String, Object> root = new LinkedHashMap<>();
    private final Map<String, Object> model;

    private Shape(Map<String, Object> model) {
        this.model = model;
        root.put("version", "1.0");
        root.put("truncation", null);
        root.put("padding", null);
        root.put("added_tokens", new ArrayList<Object>());
        for (String part : new String[] {"normalizer", "pre_tokenizer", "post_processor", "decoder"}) {
            root.put(part, null);
        }
        root.put("model", model);
    }

    /** Returns the vocabulary and the merges of hearth: bytes, for byte-level components. */
    static Shape bytes() {
        try {
            byte[] json = Files.readAllBytes(Texts.root().resolve("models/hearth-5m/tokenizer.json"));
            Shape shape = new Shape(new LinkedHashMap<>(
                    Json.parseObject(json, "hearth").object("model").fields()));
            return shape.with("pre_tokenizer", BYTE_LEVEL).with("decoder", BYTE_LEVEL);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a vocabulary of SentencePiece style: some characters, some words, bytes. */
    static Shape characters(int byteTokens) {
        Set<String> tokens = new java.util.LinkedHashSet<>();
        tokens.add("<unk>");
        tokens.add("<s>");
        tokens.add("</s>");
        for (int b = 0; b < byteTokens; b++) {
            tokens.add(String.format("<0x%02X>", b));
        }
        for (String part : (MARK + "\"'.,!?-0123456789éñß中文\ud83d\ude00").split("")) {
            tokens.add(part);
        }
        tokens.add("\ud83d\ude00");
        for (char c = 'a'; c <= 'z'; c++) {
            tokens.add(String.valueOf(c));
        }
        tokens.removeIf(token -> token.length() == 1 && Character.isSurrogate(token.charAt(0)));
        List<Object> merges = new ArrayList<>();
        for (String merge : (MARK + " t|h e|i n|" + MARK + "t he|t he|" + MARK + " the|in g|" + MARK + " " + MARK + "|"
                        + MARK
                        + MARK + " " + MARK + MARK + "|a n|an d|" + MARK
                        + " and|e r|o n|k it|i t|it ch|c h|l l|' ll|1 2|中 文|"
                        + MARK + " 中文|t ing")
                .split("\\|")) {
            String[] pair = merge.split(" ");
            if (tokens.contains(pair[0]) && tokens.contains(pair[1])) {
                tokens.add(pair[0] + pair[1]);
                merges.add(List.of(pair[0], pair[1]));
            }
        }
        Map<String, Object> vocab = new LinkedHashMap<>();
        for (String token : tokens) {
            vocab.put(token, (long) vocab.size());
        }
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("type", "BPE");
        model.put("dropout", null);
        model.put("unk_token", "<unk>");
        model.put("fuse_unk", true);
        model.put("byte_fallback", byteTokens > 0);
        model.put("vocab", vocab);
        model.put("merges", merges);
        return new Shape(model)
                .added("<unk>", "'normalized':false,'special':true")
                .added("<s>", "'normalized':false,'special':true")
                .added("</s>", "'normalized':false,'special':true")
                .with(
                        "decoder",
                        "{'type':'Sequence','decoders':[{'type':'Replace','pattern':{'String':'▁'},'content':' '},"
                                + "{'type':'ByteFallback'},{'type':'Fuse'},{'type':'Strip','content':' ','start':1,'stop':0}]}");
    }

    /** Sets a component; its JSON may be written with single quotes. */
    Shape with(String component, String json) {
        root.put(component, json(json));
        return this;
    }

    Shape model(String field, Object value) {
        model.put(field, value);
        return this;
    }

    /** Adds words to the vocabulary that no merge makes. */
    Shape words(String... words) {
        Map<String, Object> vocab = vocabulary();
        for (String word : words) {
            vocab.putIfAbsent(word, (long) vocab.size());
        }
        model.put("vocab", vocab);
        return this;
    }

    /** Adds a token, of the vocabulary or behind it; the rest of its fields is false. */
    @SuppressWarnings("unchecked")
    Shape added(String content, String fields) {
        List<Object> tokens = (List<Object>) root.get("added_tokens");
        Map<String, Object> token = new LinkedHashMap<>();
        Object known = vocabulary().get(content);
        Set<Object> contents = new HashSet<>(vocabulary().keySet());
        tokens.forEach(other -> contents.add(((Map<String, Object>) other).get("content")));
        token.put("id", known == null ? (long) contents.size() : known);
        token.put("content", content);
        for (String flag : new String[] {"single_word", "lstrip", "rstrip", "normalized", "special"}) {
            token.put(flag, false);
        }
        token.putAll((Map<String, Object>) json("{" + fields + "}"));
        tokens.add(token);
        return this;
    }

    byte[] json() {
        return JsonWriter.compact(root);
    }

    private Map<String, Object> vocabulary() {
        @SuppressWarnings("unchecked")
        Map<String, Object> vocab = (Map<String, Object>) model.get("vocab");
        return new LinkedHashMap<>(vocab);
    }

    private static Object json(String quoted) {
        return Json.parse(quoted.replace('\'', '"').replace('\u0001', '\'').getBytes(StandardCharsets.UTF_8), "shape");
    }

    /** Returns a Split of words by an expression in which an apostrophe is written as such. */
    static String split(String kind, String pattern, String behavior, boolean invert) {
        return "{'type':'Split','pattern':{'" + kind + "':'" + pattern.replace('\'', '\u0001') + "'},'behavior':'"
                + behavior + "','invert':" + invert + "}";
    }
}
