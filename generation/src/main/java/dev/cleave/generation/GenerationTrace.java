package dev.cleave.generation;

import dev.cleave.generation.link.LinkPlan;
import java.util.Optional;

/**
 * What became of the plan in one generation.
 *
 * @param links qualities that carried the activations: another generation with this plan has the same text
 * @param late tokens that took longer than the deadline; 0 without one
 * @param cutShort what was left out and why, where the deadline could not be kept and the text ended early for it
 * @param offline where the device went on alone
 */
public record GenerationTrace(LinkPlan links, int late, Optional<String> cutShort, Optional<Offline> offline) {
    /**
     * That the device has gone on alone, with the whole model.
     *
     * @param fromToken index of the first token that was generated so, 0 for the whole text
     * @param bits weight width of the whole model
     * @param reason why the cloud was out of reach
     */
    public record Offline(int fromToken, int bits, String reason) {}
}
