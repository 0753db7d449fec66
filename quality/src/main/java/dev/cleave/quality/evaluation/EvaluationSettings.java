package dev.cleave.quality.evaluation;

import dev.cleave.codec.CodecLevel;
import dev.cleave.generation.SplitConfig;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.BundleFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the results of an evaluation depend on, by the names of the options. */
public final class EvaluationSettings {
    private final Map<String, Object> fields = new LinkedHashMap<>();

    /** Begins with model, cut and qualities. */
    public EvaluationSettings(Bundle bundle, SplitConfig config, List<CodecLevel> links) {
        fields.put("model", bundle.modelHash());
        fields.put("split", config.split());
        fields.put("front-bits", config.frontBits());
        fields.put("back-bits", config.backBits());
        fields.put("mode", config.mode().label());
        if (config.kv() != KvPrecision.FLOAT32) {
            // Files of before there was a choice have none.
            fields.put("kv", config.kv().label());
        }
        fields.put("link", links.stream().map(CodecLevel::name).collect(Collectors.joining(",")));
    }

    /** Adds a value: a text, a whole number, true or false. */
    public void value(String name, Object value) {
        fields.put(name, value);
    }

    /** Adds the contents of a bundle's files of these widths, and of those that have none, as the bundle states them. */
    public void weights(Bundle bundle, Collection<Integer> widths) {
        MessageDigest digest = sha256();
        for (BundleFile file : bundle.files()) {
            if (file.bits() == 0 || widths.contains(file.bits())) {
                digest.update((file.path() + " " + file.sha256() + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        fields.put("weights", text(digest));
    }

    /**
     * Adds a file's contents.
     *
     * @throws EvaluationException for a file that cannot be read
     */
    public void file(String name, Path file) {
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] block = new byte[1 << 16];
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                digest.update(block, 0, read);
            }
        } catch (IOException e) {
            throw new EvaluationException(file + " cannot be read: " + e);
        }
        fields.put(name, text(digest));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String text(MessageDigest digest) {
        return "sha256:" + HexFormat.of().formatHex(digest.digest());
    }

    /** Returns all of them. */
    public Map<String, Object> fields() {
        return Collections.unmodifiableMap(fields);
    }
}
