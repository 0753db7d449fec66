package dev.cleave.model.bundle;

import dev.cleave.model.Architecture;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.Rope;
import dev.cleave.model.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** The architecture as {@code bundle.json} states it. */
final class ArchitectureJson {
    private static final int MAX = 1 << 26;

    private ArchitectureJson() {}

    static Map<String, Object> write(Architecture a) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("family", a.family());
        json.put("layers", a.layers());
        json.put("hidden", a.hidden());
        json.put("heads", a.heads());
        json.put("kvHeads", a.kvHeads());
        json.put("headSize", a.headSize());
        json.put("feedForward", a.feedForward());
        json.put("vocabulary", a.vocabulary());
        json.put("context", a.context());
        json.put("normEpsilon", a.normEpsilon());
        json.put("rope", write(a.rope()));
        json.put("qkvBias", a.qkvBias());
        json.put("tied", a.tied());
        return json;
    }

    static Architecture read(JsonObject json) {
        return new Architecture(
                json.string("family"),
                json.int32("layers", 1, 1000),
                json.int32("hidden", 1, 1 << 20),
                json.int32("heads", 1, 4096),
                json.int32("kvHeads", 1, 4096),
                json.int32("headSize", 2, 4096),
                json.int32("feedForward", 1, 1 << 20),
                json.int32("vocabulary", 1, 1 << 22),
                json.int32("context", 1, MAX),
                (float) json.number("normEpsilon", 0, 1),
                readRope(json.object("rope")),
                json.bool("qkvBias"),
                json.bool("tied"));
    }

    private static Map<String, Object> write(Rope rope) {
        Map<String, Object> json = new LinkedHashMap<>();
        if (rope instanceof Rope.Llama3) {
            Rope.Llama3 llama3 = (Rope.Llama3) rope;
            json.put("type", "llama3");
            json.put("theta", llama3.theta());
            json.put("factor", llama3.factor());
            json.put("lowFrequencyFactor", llama3.lowFrequencyFactor());
            json.put("highFrequencyFactor", llama3.highFrequencyFactor());
            json.put("originalContext", llama3.originalContext());
        } else {
            json.put("type", "plain");
            json.put("theta", rope.theta());
        }
        return json;
    }

    private static Rope readRope(JsonObject json) {
        double theta = json.number("theta", 1, 1e12);
        switch (json.string("type")) {
            case "plain":
                return new Rope.Plain(theta);
            case "llama3":
                return new Rope.Llama3(
                        theta,
                        json.number("factor", 1, 1e6),
                        json.number("lowFrequencyFactor", 0, 1e6),
                        json.number("highFrequencyFactor", 0, 1e6),
                        json.int32("originalContext", 1, MAX));
            default:
                throw new ModelException(
                        Reason.UNSUPPORTED,
                        json.source() + ": field architecture.rope.type: rope " + json.string("type")
                                + " is not supported; supported are plain and llama3");
        }
    }
}
