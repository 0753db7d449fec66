package dev.cleave.model;

import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.bundle.Bundle;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** An engine on the class path, registered as a service of this type. */
public interface EngineProvider {
    /** System property with the name of the engine to take, needed only where there are several. */
    String PROPERTY = "cleave.engine";

    /** Returns its name, such as {@code onnx}. */
    String name();

    /**
     * Creates an engine.
     *
     * @throws ModelException with {@code ENGINE} where it does not start
     */
    SegmentEngine create(EngineOptions options);

    /**
     * Returns what a segment with one sequence will occupy once it has returned one row of logits where it ends the model,
     * without opening it: only the headers of files are read.
     *
     * @param maxLength tokens that the sequence's KV cache holds
     * @param options of the engine that will open it
     * @throws ModelException with {@code OUT_OF_RANGE} where the bundle lacks the width or layers
     */
    Prediction predict(Bundle bundle, SegmentSpec spec, int maxLength, KvPrecision kv, EngineOptions options);

    /**
     * What a segment and one sequence on it will occupy, in bytes.
     *
     * @param segment weights and scratch memory
     * @param sequence KV caches and buffers
     * @param mapped how much of the weights stays mapped from files: pages that the system may drop
     */
    record Prediction(SegmentMemory segment, SegmentMemory sequence, long mapped) {
        /** Returns both together. */
        public SegmentMemory total() {
            return segment.plus(sequence);
        }
    }

    /**
     * Returns the engine on the class path; where there are several, the one that {@link #PROPERTY} names.
     *
     * @throws ModelException with {@code ENGINE} where there is none, or none of that name, or several and no name
     */
    static EngineProvider find() {
        List<EngineProvider> found = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (EngineProvider each : ServiceLoader.load(EngineProvider.class, EngineProvider.class.getClassLoader())) {
            found.add(each);
            names.add(each.name());
        }
        String wanted = System.getProperty(PROPERTY);
        if (wanted != null) {
            int index = names.indexOf(wanted);
            if (index < 0) {
                throw new ModelException(
                        Reason.ENGINE, PROPERTY + "=" + wanted + ": the engines on the class path are " + names);
            }
            return found.get(index);
        }
        if (found.size() != 1) {
            throw new ModelException(
                    Reason.ENGINE,
                    found.isEmpty()
                            ? "There is no engine on the class path. Add one, cleave-engine-onnx say."
                            : "There are several engines on the class path, " + names + ". Choose with -D" + PROPERTY);
        }
        return found.get(0);
    }
}
