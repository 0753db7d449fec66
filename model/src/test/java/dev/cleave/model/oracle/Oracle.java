package dev.cleave.model.oracle;

import dev.cleave.model.Architecture;
import dev.cleave.model.KvPrecision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The whole model, a token at a time: float32 between the operations, double within them. Slow, and easy to check by
 * reading.
 */
public final class Oracle {
    private final Architecture architecture;
    private final DenseMatrix embedding;
    private final OracleLayer[] layers;
    private final float[] norm;
    private final DenseMatrix head;

    /**
     * Reads a bundle.
     *
     * @param folder of the bundle
     * @param split layers in front
     * @param frontBits width of embedding and layers in front
     * @param backBits width of the other layers and of the head
     */
    public Oracle(Path folder, Architecture architecture, int split, int frontBits, int backBits) {
        this(folder, architecture, split, frontBits, backBits, KvPrecision.FLOAT32);
    }

    /** As the other, with the front's keys and values as stored in a precision. */
    public Oracle(Path folder, Architecture architecture, int split, int frontBits, int backBits, KvPrecision frontKv) {
        this.architecture = architecture;
        try {
            int embeddingBits = split == 0 ? backBits : frontBits;
            int headBits = split == architecture.layers() ? frontBits : backBits;
            embedding = vocabularyMatrix(folder, "embedding", embeddingBits);
            layers = new OracleLayer[architecture.layers()];
            for (int i = 0; i < layers.length; i++) {
                boolean front = i < split;
                layers[i] = new OracleLayer(
                        folder, architecture, i, front ? frontBits : backBits, front && frontKv == KvPrecision.FLOAT16);
            }
            norm = new RawTensors(folder.resolve("norm.safetensors")).floats("norm");
            head = vocabularyMatrix(folder, architecture.tied() ? "embedding" : "head", headBits);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DenseMatrix vocabularyMatrix(Path folder, String name, int bits) throws IOException {
        Path path = folder.resolve(String.format(Locale.ROOT, "%s.q%d.safetensors", name, bits));
        return DenseMatrix.read(new RawTensors(path), name, architecture.vocabulary(), architecture.hidden(), bits);
    }

    /** Takes the token that follows those so far, and returns its logits. */
    public float[] next(int id) {
        float[] hidden = embedding.row(id);
        for (OracleLayer layer : layers) {
            hidden = layer.next(hidden);
        }
        return head.times(OracleLayer.normed(hidden, norm, architecture.normEpsilon()));
    }

    /** Returns the index of the greatest value, of equal ones the lowest. */
    public static int argmax(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }
}
