package dev.cleave.engine.onnx.internal;

import com.google.protobuf.ByteString;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.bundle.TensorFile;
import dev.cleave.model.checkpoint.TensorInfo;
import dev.cleave.proto.onnx.OnnxAttribute;
import dev.cleave.proto.onnx.OnnxDimension;
import dev.cleave.proto.onnx.OnnxEntry;
import dev.cleave.proto.onnx.OnnxGraph;
import dev.cleave.proto.onnx.OnnxModel;
import dev.cleave.proto.onnx.OnnxNode;
import dev.cleave.proto.onnx.OnnxOperatorSet;
import dev.cleave.proto.onnx.OnnxShape;
import dev.cleave.proto.onnx.OnnxTensor;
import dev.cleave.proto.onnx.OnnxTensor.DataType;
import dev.cleave.proto.onnx.OnnxTensor.Location;
import dev.cleave.proto.onnx.OnnxTensorType;
import dev.cleave.proto.onnx.OnnxType;
import dev.cleave.proto.onnx.OnnxValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/** Collects the nodes, weights, inputs and outputs of one graph. A weight is a place in a file, never its bytes. */
final class GraphBuilder {
    /** A dimension that is known only when the graph runs. */
    static final long ANY = -1;

    /** The domain of ONNX's own operators. */
    static final String ONNX = "";

    /** The domain of ONNX Runtime's contributed operators. */
    static final String MICROSOFT = "com.microsoft";

    private static final int IR_VERSION = 10;
    private static final int OPERATOR_SET = 21;

    private final Path folder;
    private final OnnxGraph.Builder graph;

    /**
     * Creates a builder.
     *
     * @param name of the graph, for ONNX Runtime's messages
     * @param folder to which the places of the weights are relative
     */
    GraphBuilder(String name, Path folder) {
        this.folder = folder;
        this.graph = OnnxGraph.newBuilder().setName(name);
    }

    String input(String name, DataType type, long... shape) {
        graph.addInput(value(name, type, shape));
        return name;
    }

    void output(String name, DataType type, long... shape) {
        graph.addOutput(value(name, type, shape));
    }

    void node(String domain, String operator, List<String> inputs, List<String> outputs, OnnxAttribute... attributes) {
        graph.addNode(OnnxNode.newBuilder()
                .setDomain(domain)
                .setOpType(operator)
                .setName(outputs.get(0))
                .addAllInput(inputs)
                .addAllOutput(outputs)
                .addAllAttribute(List.of(attributes)));
    }

    /** Adds an RMS norm. */
    void norm(String input, String weight, String output, float epsilon) {
        node(
                ONNX,
                "SimplifiedLayerNormalization",
                List.of(input, weight),
                List.of(output),
                attribute("axis", -1),
                attribute("epsilon", epsilon),
                attribute("stash_type", 1));
    }

    /** Adds a tensor of a bundle's file as a weight, and returns its name. */
    String weight(TensorFile file, TensorInfo tensor) {
        OnnxTensor.Builder weight = OnnxTensor.newBuilder()
                .setName(tensor.name())
                .setDataType(type(tensor).getNumber())
                .setDataLocation(Location.EXTERNAL)
                .addExternalData(
                        entry("location", folder.relativize(file.path()).toString()))
                .addExternalData(entry("offset", Long.toString(tensor.offset())))
                .addExternalData(entry("length", Long.toString(tensor.bytes())));
        graph.addInitializer(weight.addAllDims(tensor.shape()));
        return tensor.name();
    }

    /** Adds a vector of whole numbers as a constant, and returns its name. */
    String constant(String name, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        graph.addInitializer(OnnxTensor.newBuilder()
                .setName(name)
                .setDataType(DataType.INT64.getNumber())
                .addDims(values.length)
                .setRawData(ByteString.copyFrom(bytes)));
        return name;
    }

    byte[] build() {
        return OnnxModel.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("cleave")
                .addOpsetImport(OnnxOperatorSet.newBuilder().setDomain(ONNX).setVersion(OPERATOR_SET))
                .addOpsetImport(
                        OnnxOperatorSet.newBuilder().setDomain(MICROSOFT).setVersion(1))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    static OnnxAttribute attribute(String name, long value) {
        return OnnxAttribute.newBuilder()
                .setName(name)
                .setType(OnnxAttribute.Type.INT)
                .setI(value)
                .build();
    }

    static OnnxAttribute attribute(String name, float value) {
        return OnnxAttribute.newBuilder()
                .setName(name)
                .setType(OnnxAttribute.Type.FLOAT)
                .setF(value)
                .build();
    }

    /** Returns an attribute of one element, zero. */
    static OnnxAttribute zero(String name, DataType type) {
        int bytes = type == DataType.FLOAT16 ? Short.BYTES : Float.BYTES;
        return OnnxAttribute.newBuilder()
                .setName(name)
                .setType(OnnxAttribute.Type.TENSOR)
                .setT(OnnxTensor.newBuilder()
                        .setDataType(type.getNumber())
                        .addDims(1)
                        .setRawData(ByteString.copyFrom(new byte[bytes])))
                .build();
    }

    /** Adds a conversion to another type. */
    void cast(String input, DataType type, String output) {
        node(ONNX, "Cast", List.of(input), List.of(output), attribute("to", type.getNumber()));
    }

    /** Returns the type in which keys and values are stored. */
    static DataType type(KvPrecision precision) {
        return switch (precision) {
            case FLOAT32 -> DataType.FLOAT;
            case FLOAT16 -> DataType.FLOAT16;
        };
    }

    private static OnnxValue value(String name, DataType type, long... shape) {
        OnnxShape.Builder dimensions = OnnxShape.newBuilder();
        for (long size : shape) {
            OnnxDimension.Builder dimension = OnnxDimension.newBuilder();
            dimensions.addDim(size == ANY ? dimension : dimension.setDimValue(size));
        }
        OnnxTensorType tensor = OnnxTensorType.newBuilder()
                .setElemType(type.getNumber())
                .setShape(dimensions)
                .build();
        return OnnxValue.newBuilder()
                .setName(name)
                .setType(OnnxType.newBuilder().setTensorType(tensor))
                .build();
    }

    private static DataType type(TensorInfo tensor) {
        return switch (tensor.type()) {
            case F32 -> DataType.FLOAT;
            case F16 -> DataType.FLOAT16;
            case BF16 -> DataType.BFLOAT16;
            case U8 -> DataType.UINT8;
        };
    }

    private static OnnxEntry entry(String key, String value) {
        return OnnxEntry.newBuilder().setKey(key).setValue(value).build();
    }
}
