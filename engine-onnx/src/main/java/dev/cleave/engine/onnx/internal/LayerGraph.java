package dev.cleave.engine.onnx.internal;

import static dev.cleave.engine.onnx.internal.GraphBuilder.ANY;
import static dev.cleave.engine.onnx.internal.GraphBuilder.MICROSOFT;
import static dev.cleave.engine.onnx.internal.GraphBuilder.ONNX;
import static dev.cleave.engine.onnx.internal.GraphBuilder.attribute;

import dev.cleave.model.Architecture;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.bundle.TensorFile;
import dev.cleave.proto.onnx.OnnxTensor.DataType;
import java.nio.file.Path;
import java.util.List;

/**
 * One decoder layer:
 *
 * <pre>
 * hidden [1, T, d] ─┬─ norm ─ qkv ─ attention with KV cache ─ attention_out ─ (+) ─┬─ norm ─ gate·SiLU × up ─ down ─ (+) ─ output [1, T, d]
 *                   └──────────────────────────────────────────────────────────┘   └───────────────────────────────┘
 * </pre>
 *
 * The KV cache is [1, kvHeads, maxSequence, headSize], for keys and for values; the same tensor goes in as past and out as
 * present, so that a run writes its own rows and copies none.
 *
 * <p>With a float16 cache the attention operator takes query, key and value in float16 as well: where they are float32, ONNX
 * Runtime casts the whole cache to and fro on every run. Scores and their softmax are float32 inside it all the same.
 */
public final class LayerGraph {
    /** Input: activations [1, T, d]. */
    public static final String HIDDEN = "hidden";

    /** Input and output: keys. */
    public static final String PAST_KEY = "past_key";

    /** Input and output: values. */
    public static final String PAST_VALUE = "past_value";

    /** Input: index of the last token, int32 [1]. */
    public static final String LAST = "last";

    /** Input: tokens in the cache after this run, int32 [1]. */
    public static final String TOTAL = "total";

    /** Input: cosines of the rotary embedding [maxSequence, headSize / 2]. */
    public static final String COSINES = "cosines";

    /** Input: sines, as the cosines. */
    public static final String SINES = "sines";

    /** Input: position of the first token, int64 [1]; only where {@link #rotatesOutside}. */
    public static final String POSITION = "position";

    /** Output: activations [1, T, d]. */
    public static final String OUTPUT = "output";

    /** Output: keys, the tensor that came in. */
    public static final String PRESENT_KEY = "present_key";

    /** Output: values, the tensor that came in. */
    public static final String PRESENT_VALUE = "present_value";

    private final Architecture architecture;
    private final TensorFile file;
    private final int bits;
    private final KvPrecision kv;
    private final GraphBuilder graph;
    private final Projection projection;

    private LayerGraph(Architecture architecture, TensorFile file, Path folder, int bits, Mode mode, KvPrecision kv) {
        this.architecture = architecture;
        this.file = file;
        this.bits = bits;
        this.kv = kv;
        this.graph = new GraphBuilder("layer", folder);
        this.projection = new Projection(graph, file, mode);
    }

    /**
     * Writes the graph of a layer.
     *
     * @param file of the layer
     * @param folder of the bundle
     * @param kv how keys and values are stored
     * @return an ONNX model, without its weights
     */
    public static byte[] build(
            Architecture architecture, TensorFile file, Path folder, int bits, Mode mode, KvPrecision kv) {
        return new LayerGraph(architecture, file, folder, bits, mode, kv).build();
    }

    /** Returns the matrices of a layer, checked. */
    public static List<Matrix> matrices(Architecture a, TensorFile file, int bits) {
        return List.of(
                Matrix.in(file, "qkv", a.qkvRows(), a.hidden(), bits),
                Matrix.in(file, "attention_out", a.hidden(), a.attentionWidth(), bits),
                Matrix.in(file, "gate_up", 2 * a.feedForward(), a.hidden(), bits),
                Matrix.in(file, "down", a.hidden(), a.feedForward(), bits));
    }

    /**
     * Returns whether the rotary embedding needs nodes of its own: the attention operator rotates only heads whose size is
     * a multiple of 16, and in float16 it would rotate with rounded cosines.
     */
    public static boolean rotatesOutside(Architecture architecture, KvPrecision kv) {
        return architecture.headSize() % 16 != 0 || kv != KvPrecision.FLOAT32;
    }

    private byte[] build() {
        List<Matrix> matrices = matrices(architecture, file, bits);
        inputs();
        graph.norm(
                HIDDEN,
                graph.weight(file, Matrix.vector(file, "input_norm", architecture.hidden())),
                "attention.norm",
                architecture.normEpsilon());
        String bias = architecture.qkvBias()
                ? graph.weight(file, Matrix.vector(file, "qkv.bias", architecture.qkvRows()))
                : "";
        projection.add(matrices.get(0), "attention.norm", bias, "qkv");
        attention();
        projection.add(matrices.get(1), "attention", "", "attention.projected");
        graph.node(
                MICROSOFT,
                "SkipSimplifiedLayerNormalization",
                List.of(
                        "attention.projected",
                        HIDDEN,
                        graph.weight(file, Matrix.vector(file, "post_norm", architecture.hidden()))),
                List.of("feed.norm", "", "", "residual"),
                attribute("epsilon", architecture.normEpsilon()));
        // One matrix on disk, two products here: splitting one product would copy it.
        Matrix gateUp = matrices.get(2);
        int inner = architecture.feedForward();
        projection.add(gateUp.rows("gate", 0, inner), "feed.norm", "", "gate");
        projection.add(gateUp.rows("up", inner, inner), "feed.norm", "", "up");
        // QuickGelu with alpha 1 is x · sigmoid(x): SiLU.
        graph.node(MICROSOFT, "QuickGelu", List.of("gate"), List.of("gate.active"), attribute("alpha", 1.0f));
        graph.node(ONNX, "Mul", List.of("gate.active", "up"), List.of("gated"));
        projection.add(matrices.get(3), "gated", "", "down");
        graph.node(ONNX, "Add", List.of("down", "residual"), List.of(OUTPUT));
        return graph.build();
    }

    private void inputs() {
        Architecture a = architecture;
        graph.input(HIDDEN, DataType.FLOAT, 1, ANY, a.hidden());
        graph.input(PAST_KEY, GraphBuilder.type(kv), 1, a.kvHeads(), ANY, a.headSize());
        graph.input(PAST_VALUE, GraphBuilder.type(kv), 1, a.kvHeads(), ANY, a.headSize());
        graph.input(LAST, DataType.INT32, 1);
        graph.input(TOTAL, DataType.INT32, 1);
        graph.input(COSINES, DataType.FLOAT, ANY, a.headSize() / 2);
        graph.input(SINES, DataType.FLOAT, ANY, a.headSize() / 2);
        if (rotatesOutside(a, kv)) {
            graph.input(POSITION, DataType.INT64, 1);
        }
        graph.output(OUTPUT, DataType.FLOAT, 1, ANY, a.hidden());
        graph.output(PRESENT_KEY, GraphBuilder.type(kv), 1, a.kvHeads(), ANY, a.headSize());
        graph.output(PRESENT_VALUE, GraphBuilder.type(kv), 1, a.kvHeads(), ANY, a.headSize());
    }

    private void attention() {
        Architecture a = architecture;
        boolean outside = rotatesOutside(a, kv);
        boolean half = kv == KvPrecision.FLOAT16;
        List<String> query = outside ? rotated() : List.of("qkv", "", "");
        if (half) {
            query = List.of(rounded(query.get(0)), rounded(query.get(1)), rounded(query.get(2)));
        }
        String result = half ? "attention.half" : "attention";
        graph.node(
                MICROSOFT,
                "GroupQueryAttention",
                List.of(
                        query.get(0),
                        query.get(1),
                        query.get(2),
                        PAST_KEY,
                        PAST_VALUE,
                        LAST,
                        TOTAL,
                        outside ? "" : COSINES,
                        outside ? "" : SINES),
                List.of(result, PRESENT_KEY, PRESENT_VALUE),
                attribute("num_heads", a.heads()),
                attribute("kv_num_heads", a.kvHeads()),
                attribute("do_rotary", outside ? 0 : 1),
                attribute("rotary_interleaved", 0));
        if (half) {
            graph.cast(result, DataType.FLOAT, "attention");
        }
    }

    private String rounded(String input) {
        String output = input + ".half";
        graph.cast(input, DataType.FLOAT16, output);
        return output;
    }

    private List<String> rotated() {
        int kv = architecture.kvHeads() * architecture.headSize();
        String sizes = graph.constant("qkv.sizes", architecture.attentionWidth(), kv, kv);
        graph.node(ONNX, "Split", List.of("qkv", sizes), List.of("query", "key", "value"), attribute("axis", 2));
        rotate("query", architecture.heads());
        rotate("key", architecture.kvHeads());
        return List.of("query.rotated", "key.rotated", "value");
    }

    private void rotate(String input, int heads) {
        graph.node(
                MICROSOFT,
                "RotaryEmbedding",
                List.of(input, POSITION, COSINES, SINES),
                List.of(input + ".rotated"),
                attribute("interleaved", 0),
                attribute("num_heads", heads));
    }
}
