package dev.cleave.optimizer.plan;

import dev.cleave.optimizer.profile.Checks;
import java.util.Collections;
import java.util.List;

/**
 * Which settings a plan may choose from; an empty list leaves the choice free.
 *
 * @param splits ℓ
 * @param frontBits on the device
 * @param backBits in the cloud
 * @param promptLinks qualities for the prompt
 * @param decodeLinks qualities for generated tokens
 * @param kv precisions of the device's keys and values
 */
public record Choices(
        List<Integer> splits,
        List<Integer> frontBits,
        List<Integer> backBits,
        List<String> promptLinks,
        List<String> decodeLinks,
        List<String> kv) {
    /** Everything is free. */
    public static final Choices FREE = new Choices(
            Collections.emptyList(),
            Collections.emptyList(),
            Collections.emptyList(),
            Collections.emptyList(),
            Collections.emptyList(),
            Collections.emptyList());

    /** Copies the lists. */
    public Choices {
        splits = Checks.copy(splits);
        frontBits = Checks.copy(frontBits);
        backBits = Checks.copy(backBits);
        promptLinks = Checks.copy(promptLinks);
        decodeLinks = Checks.copy(decodeLinks);
        kv = Checks.copy(kv);
    }

    /** Returns the same with these splits. */
    public Choices withSplits(List<Integer> only) {
        return new Choices(only, frontBits, backBits, promptLinks, decodeLinks, kv);
    }

    /** Returns the same with these widths in the cloud. */
    public Choices withBackBits(List<Integer> only) {
        return new Choices(splits, frontBits, only, promptLinks, decodeLinks, kv);
    }

    static <T> boolean allows(List<T> some, T value) {
        return some.isEmpty() || some.contains(value);
    }
}
