package dev.cleave.workbench;

import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The default model with its first layers only: real weights, though what it writes is of no worth. */
final class ShortModel {
    private static final String WEIGHTS = "model.safetensors";
    private static final String CONFIG = "config.json";

    private ShortModel() {}

    /** Writes a checkpoint of so many layers into a folder that is not there. */
    static Path write(Path folder, int layers) throws IOException {
        Files.createDirectories(folder);
        for (String name : List.of("tokenizer.json", "tokenizer_config.json", "generation_config.json")) {
            Path source = Commands.HEARTH.resolve(name);
            if (Files.exists(source)) {
                Files.copy(source, folder.resolve(name));
            }
        }
        String config = Files.readString(Commands.HEARTH.resolve(CONFIG));
        Files.writeString(
                folder.resolve(CONFIG),
                config.replaceFirst("\"num_hidden_layers\": *[0-9]+", "\"num_hidden_layers\": " + layers));
        Files.write(folder.resolve(WEIGHTS), weights(Files.readAllBytes(Commands.HEARTH.resolve(WEIGHTS)), layers));
        return folder;
    }

    private static byte[] weights(byte[] file, int layers) {
        ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int length = Math.toIntExact(buffer.getLong());
        byte[] header = new byte[length];
        buffer.get(header);
        Map<String, Object> kept = new LinkedHashMap<>();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        Json.parseObject(header, WEIGHTS).fields().forEach((name, value) -> {
            String[] parts = name.split("\\.");
            boolean layer = parts.length > 2 && parts[1].equals("layers");
            if (!name.startsWith("__") && !(layer && Integer.parseInt(parts[2]) >= layers)) {
                Map<String, Object> tensor = new LinkedHashMap<>();
                ((Map<?, ?>) value).forEach((key, field) -> tensor.put((String) key, field));
                List<?> offsets = (List<?>) tensor.get("data_offsets");
                int from = ((Number) offsets.get(0)).intValue();
                int size = ((Number) offsets.get(1)).intValue() - from;
                tensor.put("data_offsets", List.of((long) data.size(), (long) data.size() + size));
                data.write(file, Long.BYTES + length + from, size);
                kept.put(name, tensor);
            }
        });
        byte[] written = new String(JsonWriter.pretty(kept), StandardCharsets.UTF_8)
                .stripTrailing()
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer out =
                ByteBuffer.allocate(Long.BYTES + written.length + data.size()).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(written.length).put(written).put(data.toByteArray());
        return out.array();
    }
}
