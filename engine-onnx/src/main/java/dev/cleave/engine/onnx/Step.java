package dev.cleave.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** One session and the tensors bound to its inputs and outputs. Rebinding a name allocates nothing. */
final class Step {
    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs = new HashMap<>();
    private final Map<String, OnnxTensor> outputs = new HashMap<>();

    Step(OrtSession session) {
        this.session = session;
    }

    Map<String, OnnxTensor> inputs() {
        return inputs;
    }

    Map<String, OnnxTensor> outputs() {
        return outputs;
    }

    void run() throws OrtException {
        session.run(inputs, Set.of(), outputs).close();
    }
}
