package dev.cleave.model.bundle;

import dev.cleave.model.checkpoint.Checkpoint;
import dev.cleave.model.checkpoint.CheckpointJson;
import dev.cleave.model.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a bundle holds beside weights: tokenizer, generation configuration, chat template.
 *
 * @param files that were written
 * @param tokens at the ends of a text
 */
record SideFiles(List<BundleFile> files, SpecialTokens tokens) {
    /** Greatest size of the configuration files that are read, bytes. */
    static final long MAX_CONFIG = 16L << 20;

    /**
     * What was read of a checkpoint before the work began.
     *
     * @param config tokenizer_config.json, or null
     * @param tokenizer tokenizer.json, where there is one
     * @param tokens at the ends of a text
     */
    record Sources(JsonObject config, Optional<TokenizerFile> tokenizer, SpecialTokens tokens) {}

    /** Reads which tokens begin and end a text. */
    static SpecialTokens tokens(Checkpoint checkpoint, JsonObject config, Optional<TokenizerFile> tokenizer) {
        Path generation = checkpoint.file("generation_config.json");
        SpecialTokens named = SpecialTokens.of(
                checkpoint.config(),
                Files.isRegularFile(generation) ? CheckpointJson.object(generation, MAX_CONFIG) : null,
                config);
        return tokenizer
                .map(file ->
                        named.with(file.tokenizer(), checkpoint.architecture().vocabulary()))
                .orElse(named);
    }

    /** Copies them from a checkpoint. */
    static SideFiles copy(PreparationOptions options, Checkpoint checkpoint, Sources sources, Path folder) {
        List<BundleFile> files = new ArrayList<>();
        sources.tokenizer().ifPresent(file -> files.add(add(folder, Bundle.TOKENIZER, "tokenizer.json", file.json())));
        Path generation = checkpoint.file("generation_config.json");
        if (Files.isRegularFile(generation)) {
            byte[] bytes = CheckpointJson.bytes(generation, MAX_CONFIG);
            files.add(add(folder, Bundle.GENERATION_CONFIG, "generation_config.json", bytes));
        }
        SpecialTokens tokens = sources.tokens();
        template(checkpoint, sources.config()).ifPresent(jinja -> {
            files.add(add(folder, Bundle.CHAT_TEMPLATE, "chat_template.jinja", jinja.getBytes(StandardCharsets.UTF_8)));
            options.roleMarkers()
                    .extract(
                            jinja, tokens.bosText().orElse(""), tokens.eosText().orElse(""))
                    .ifPresent(json -> files.add(add(folder, Bundle.ROLE_MARKERS, "role-markers.json", json)));
        });
        return new SideFiles(files, tokens);
    }

    /** Writes a file and brings it to the disk. */
    static void write(Path file, byte[] bytes) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        } catch (IOException e) {
            throw WriteFailure.of(file, bytes.length, e);
        }
    }

    private static BundleFile add(Path folder, String role, String name, byte[] bytes) {
        write(folder.resolve(name), bytes);
        Sha256 hash = new Sha256();
        hash.add(bytes);
        return new BundleFile(role, Bundle.ROLE_VERSION, name, hash.hex(), bytes.length, 0, 0, -1);
    }

    /** Newer checkpoints have a file of its own; in older ones it stands in the tokenizer's configuration. */
    private static Optional<String> template(Checkpoint checkpoint, JsonObject tokenizerConfig) {
        Path file = checkpoint.file("chat_template.jinja");
        if (Files.isRegularFile(file) && file.toFile().length() > 0) {
            return Optional.of(new String(CheckpointJson.bytes(file, MAX_CONFIG), StandardCharsets.UTF_8));
        }
        if (tokenizerConfig == null || !tokenizerConfig.has("chat_template")) {
            return Optional.empty();
        }
        if (!(tokenizerConfig.fields().get("chat_template") instanceof List)) {
            return Optional.of(tokenizerConfig.string("chat_template"));
        }
        int count = tokenizerConfig.list("chat_template").size();
        for (int i = 0; i < count; i++) {
            JsonObject named = tokenizerConfig.element("chat_template", i);
            if (named.string("name").equals("default")) {
                return Optional.of(named.string("template"));
            }
        }
        return Optional.empty();
    }
}
