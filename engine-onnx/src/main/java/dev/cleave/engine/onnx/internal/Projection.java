package dev.cleave.engine.onnx.internal;

import static dev.cleave.engine.onnx.internal.GraphBuilder.MICROSOFT;
import static dev.cleave.engine.onnx.internal.GraphBuilder.ONNX;
import static dev.cleave.engine.onnx.internal.GraphBuilder.attribute;

import dev.cleave.model.Mode;
import dev.cleave.model.bundle.TensorFile;
import dev.cleave.proto.onnx.OnnxTensor.DataType;
import java.util.ArrayList;
import java.util.List;

/** Writes the product of activations [1, T, columns] and a matrix, [1, T, rows], with the operator that its width asks for. */
final class Projection {
    private static final int INT8_ACTIVATIONS = 4;
    private static final int FLOAT_ACTIVATIONS = 0;

    private final GraphBuilder graph;
    private final TensorFile file;
    private final Mode mode;

    Projection(GraphBuilder graph, TensorFile file, Mode mode) {
        this.graph = graph;
        this.file = file;
        this.mode = mode;
    }

    /**
     * Adds a product.
     *
     * @param bias name of a vector that is added, or an empty string
     */
    void add(Matrix matrix, String input, String bias, String output) {
        if (matrix.scales() == null) {
            addHalf(matrix, input, bias, output);
        } else {
            addGroupWise(matrix, input, bias, output);
        }
    }

    private void addGroupWise(Matrix matrix, String input, String bias, String output) {
        List<String> inputs = new ArrayList<>();
        inputs.add(input);
        inputs.add(graph.weight(file, matrix.weight()));
        inputs.add(graph.weight(file, matrix.scales()));
        if (!bias.isEmpty()) {
            String noZeroPoints = "";
            String noOrder = "";
            inputs.addAll(List.of(noZeroPoints, noOrder, bias));
        }
        graph.node(
                MICROSOFT,
                "MatMulNBits",
                inputs,
                List.of(output),
                attribute("K", matrix.columns()),
                attribute("N", matrix.rows()),
                attribute("bits", matrix.bits()),
                attribute("block_size", matrix.block()),
                attribute("accuracy_level", mode == Mode.FAST ? INT8_ACTIVATIONS : FLOAT_ACTIVATIONS));
    }

    private void addHalf(Matrix matrix, String input, String bias, String output) {
        // The cast of a constant is folded when the session is created: float32 in memory, and no cast on a step.
        String single = matrix.name() + ".single";
        graph.cast(graph.weight(file, matrix.weight()), DataType.FLOAT, single);
        String product = bias.isEmpty() ? output : matrix.name() + ".product";
        graph.node(MICROSOFT, "FusedMatMul", List.of(input, single), List.of(product), attribute("transB", 1));
        if (!bias.isEmpty()) {
            graph.node(ONNX, "Add", List.of(product, bias), List.of(output));
        }
    }
}
