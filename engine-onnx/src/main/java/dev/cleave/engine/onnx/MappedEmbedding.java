package dev.cleave.engine.onnx;

import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.EmbeddingTable;
import java.nio.FloatBuffer;
import java.nio.file.Path;

/**
 * The embedding of a bundle at one width. Java unmaps a file only when it collects garbage: so segments share the mapping.
 *
 * @param table that reads rows
 * @param width d
 */
record MappedEmbedding(EmbeddingTable table, int width) implements AutoCloseable {
    /** What tells embeddings apart. */
    record Key(Path folder, String modelHash, int bits) {
        static Key of(Bundle bundle, int bits) {
            return new Key(bundle.folder().toAbsolutePath(), bundle.modelHash(), bits);
        }
    }

    static MappedEmbedding open(Bundle bundle, int bits) {
        return new MappedEmbedding(
                new EmbeddingTable(bundle, bits), bundle.architecture().hidden());
    }

    void read(int[] ids, int from, int tokens, FloatBuffer target) {
        for (int i = 0; i < tokens; i++) {
            table.row(ids[from + i], target, i * width);
        }
    }

    @Override
    public void close() {}
}
