package dev.cleave.engine.onnx.internal;

import static dev.cleave.engine.onnx.internal.GraphBuilder.ANY;

import dev.cleave.model.Architecture;
import dev.cleave.model.Mode;
import dev.cleave.model.bundle.TensorFile;
import dev.cleave.proto.onnx.OnnxTensor.DataType;
import java.nio.file.Path;

/** The final norm and the head: activations [1, T, d] to logits [1, T, vocabulary]. */
public final class HeadGraph {
    /** Input: activations [1, T, d]. */
    public static final String HIDDEN = "hidden";

    /** Output: logits [1, T, vocabulary]. */
    public static final String LOGITS = "logits";

    private HeadGraph() {}

    /**
     * Writes the graph.
     *
     * @param norm file of the final norm
     * @param head file of the head; where it is tied, of the embedding
     * @param folder of the bundle
     * @return an ONNX model, without its weights
     */
    public static byte[] build(
            Architecture architecture, TensorFile norm, TensorFile head, Path folder, int bits, Mode mode) {
        GraphBuilder graph = new GraphBuilder("head", folder);
        graph.input(HIDDEN, DataType.FLOAT, 1, ANY, architecture.hidden());
        graph.output(LOGITS, DataType.FLOAT, 1, ANY, architecture.vocabulary());
        String weight = graph.weight(norm, Matrix.vector(norm, "norm", architecture.hidden()));
        graph.norm(HIDDEN, weight, "normed", architecture.normEpsilon());
        new Projection(graph, head, mode).add(matrix(architecture, head, bits), "normed", "", LOGITS);
        return graph.build();
    }

    /** Returns the head's matrix, checked. */
    public static Matrix matrix(Architecture architecture, TensorFile head, int bits) {
        String name = architecture.tied() ? "embedding" : "head";
        return Matrix.in(head, name, architecture.vocabulary(), architecture.hidden(), bits);
    }
}
