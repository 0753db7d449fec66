package dev.cleave.quality.evaluation;

import dev.cleave.model.json.JsonObject;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one codec level did to one text, or to a window of it. */
final class Counts {
    private long predicted;
    private double negativeLog;
    private double divergence;
    private double divergence16;
    private long frames;
    private long bytes;
    private long values;
    private double squaredError;
    private double squaredNorm;
    private long encodeNanos;
    private long decodeNanos;

    /**
     * Counts a frame.
     *
     * @param length bytes with header
     * @param hidden the rows that it carries
     * @param count values of them
     * @param relativeError that the encoder reports
     */
    void frame(int length, FloatBuffer hidden, int count, double relativeError) {
        double norm = 0;
        for (int i = 0; i < count; i++) {
            norm += (double) hidden.get(i) * hidden.get(i);
        }
        frames++;
        bytes += length;
        values += count;
        squaredNorm += norm;
        squaredError += relativeError * relativeError * norm;
    }

    void time(long encode, long decode) {
        encodeNanos += encode;
        decodeNanos += decode;
    }

    /**
     * Counts a predicted token.
     *
     * @param negative its negative log-probability
     * @param kl divergence from the lossless link at its place, nats
     * @param kl16 divergence from the model of 16 bits at its place, nats; 0 where there is none
     */
    void predicted(double negative, double kl, double kl16) {
        predicted++;
        negativeLog += negative;
        divergence += kl;
        divergence16 += kl16;
    }

    /** Adds a window that is done. */
    void add(Counts window) {
        predicted += window.predicted;
        negativeLog += window.negativeLog;
        divergence += window.divergence;
        divergence16 += window.divergence16;
        frames += window.frames;
        bytes += window.bytes;
        values += window.values;
        squaredError += window.squaredError;
        squaredNorm += window.squaredNorm;
        encodeNanos += window.encodeNanos;
        decodeNanos += window.decodeNanos;
    }

    /** Returns the sums as they are kept in a file, exactly. */
    Map<String, Object> json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("predicted", predicted);
        fields.put("negativeLog", EvaluationCheckpoint.written(negativeLog));
        fields.put("divergence", EvaluationCheckpoint.written(divergence));
        fields.put("divergence16", EvaluationCheckpoint.written(divergence16));
        fields.put("frames", frames);
        fields.put("bytes", bytes);
        fields.put("values", values);
        fields.put("squaredError", EvaluationCheckpoint.written(squaredError));
        fields.put("squaredNorm", EvaluationCheckpoint.written(squaredNorm));
        fields.put("encodeNanos", encodeNanos);
        fields.put("decodeNanos", decodeNanos);
        return fields;
    }

    /** Reads what {@link #json()} wrote. */
    static Counts of(JsonObject fields) {
        Counts counts = new Counts();
        counts.predicted = fields.integer("predicted", 0, Long.MAX_VALUE);
        counts.negativeLog = EvaluationCheckpoint.read(fields, "negativeLog");
        counts.divergence = EvaluationCheckpoint.read(fields, "divergence");
        counts.divergence16 = EvaluationCheckpoint.read(fields, "divergence16");
        counts.frames = fields.integer("frames", 0, Long.MAX_VALUE);
        counts.bytes = fields.integer("bytes", 0, Long.MAX_VALUE);
        counts.values = fields.integer("values", 0, Long.MAX_VALUE);
        counts.squaredError = EvaluationCheckpoint.read(fields, "squaredError");
        counts.squaredNorm = EvaluationCheckpoint.read(fields, "squaredNorm");
        counts.encodeNanos = fields.integer("encodeNanos", 0, Long.MAX_VALUE);
        counts.decodeNanos = fields.integer("decodeNanos", 0, Long.MAX_VALUE);
        return counts;
    }

    /**
     * Sums up.
     *
     * @param tokens that the frames carried
     * @param against16 whether divergences from the model of 16 bits were counted
     */
    TextResult result(Coding coding, long tokens, boolean against16) {
        return new TextResult(
                coding.name(),
                predicted,
                Math.exp(negativeLog / predicted),
                divergence / predicted,
                against16 ? divergence16 / predicted : null,
                8.0 * (bytes - coding.headerBytes() * frames) / values,
                (double) bytes / tokens,
                squaredNorm == 0 ? 0 : Math.sqrt(squaredError / squaredNorm),
                encodeNanos / 1e3 / tokens,
                decodeNanos / 1e3 / tokens);
    }
}
