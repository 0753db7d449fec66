package dev.cleave.generation;

import dev.cleave.model.SegmentMemory;
import java.util.List;

/**
 * A text and what it took.
 *
 * @param text what was shown
 * @param tokenIds what was sampled: its ids, and the stop id where one ended it
 * @param finishReason why it ended
 * @param promptTokens tokens of the prompt, {@code reusedTokens} of which were in the KV caches already
 * @param reusedTokens see there
 * @param config how the model was divided when it began
 * @param steps through the model: chunks of the prompt, then one for each further token
 * @param bytes what the device sent and received
 * @param timings what it took
 * @param memory of the device's segment
 * @param trace what became of the plan
 */
public record GenerationResult(
        String text,
        List<Integer> tokenIds,
        FinishReason finishReason,
        int promptTokens,
        int reusedTokens,
        SplitConfig config,
        int steps,
        Bytes bytes,
        Timings timings,
        SegmentMemory memory,
        GenerationTrace trace) {

    /**
     * Bytes of one generation.
     *
     * @param frames of the codec, upwards; 0 at splits 0 and L
     * @param values activations in them: tokens sent · d
     * @param socket through the connection's socket, with everything that MQTT adds
     * @param decodeFrames of the codec, upwards, in the decode steps alone
     * @param decodeSocket through the socket in the decode steps alone
     * @param relativeError of the link: root mean square over tokens of ‖x − x̂‖ / ‖x‖, 0 where no activations were sent
     */
    public record Bytes(
            long frames, long values, Traffic socket, long decodeFrames, Traffic decodeSocket, double relativeError) {
        /** Returns 8 · frames / values, 0 where no activations were sent. */
        public double bitsPerValue() {
            return values == 0 ? 0 : 8.0 * frames / values;
        }
    }
}
