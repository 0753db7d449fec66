package dev.cleave.engine.onnx.internal;

import static dev.cleave.engine.onnx.internal.GraphBuilder.ANY;

import dev.cleave.model.KvPrecision;
import dev.cleave.proto.onnx.OnnxTensor.DataType;
import java.nio.file.Path;
import java.util.List;

/**
 * A tensor of zeros of any shape of four dimensions: ONNX Runtime's own memory, which closing the tensor gives back at
 * once; a direct buffer would wait for the garbage collector.
 */
public final class ZerosGraph {
    /** Input: the shape, int64 [4]. */
    public static final String SHAPE = "shape";

    /** Output: the zeros, of the precision asked for. */
    public static final String ZEROS = "zeros";

    private ZerosGraph() {}

    /** Writes the graph. */
    public static byte[] build(KvPrecision precision) {
        DataType type = GraphBuilder.type(precision);
        GraphBuilder graph = new GraphBuilder("zeros", Path.of(""));
        graph.input(SHAPE, DataType.INT64, 4);
        graph.output(ZEROS, type, ANY, ANY, ANY, ANY);
        graph.node(
                GraphBuilder.ONNX, "ConstantOfShape", List.of(SHAPE), List.of(ZEROS), GraphBuilder.zero("value", type));
        return graph.build();
    }
}
