package dev.cleave.generation.link;

import dev.cleave.codec.CodecLevel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Which codec level carries what: the prompt, and generated tokens, in whose midst it may change.
 *
 * @param prompt of the prompt
 * @param changes for generated tokens, in rising order, the first from token 0 on
 */
public record LinkPlan(CodecLevel prompt, List<Change> changes) {
    /**
     * A quality from some token on.
     *
     * @param from index of the generated token whose activations are the first to be sent so
     * @param quality from there on
     */
    public record Change(int from, CodecLevel quality) {}

    /**
     * Checks the order.
     *
     * @throws IllegalArgumentException where there is no change at token 0, or the order does not rise
     */
    public LinkPlan {
        int before = -1;
        for (Change change : changes) {
            if (change.from() <= before || before < 0 && change.from() != 0) {
                throw new IllegalArgumentException("changes of the link's quality at tokens out of order: " + changes);
            }
            before = change.from();
        }
        if (changes.isEmpty()) {
            throw new IllegalArgumentException("no codec level for generated tokens");
        }
        changes = Collections.unmodifiableList(new ArrayList<>(changes));
    }

    /** Returns the plan of one quality for everything. */
    public static LinkPlan of(CodecLevel quality) {
        return of(quality, quality);
    }

    /** Returns the plan of one quality for the prompt and one for what is generated. */
    public static LinkPlan of(CodecLevel prompt, CodecLevel decode) {
        return new LinkPlan(prompt, Collections.singletonList(new Change(0, decode)));
    }

    /** Returns the plan that is this one up to a token, and another quality from it on. */
    public LinkPlan then(int from, CodecLevel quality) {
        List<Change> more = new ArrayList<>(changes);
        more.removeIf(change -> change.from() >= from);
        more.add(new Change(from, quality));
        return new LinkPlan(prompt, more);
    }

    /** Returns the quality for the activations of a generated token. */
    public CodecLevel decode(int token) {
        CodecLevel quality = changes.get(0).quality();
        for (int i = 1; i < changes.size() && changes.get(i).from() <= token; i++) {
            quality = changes.get(i).quality();
        }
        return quality;
    }

    /** Returns whether a part of it needs a calibration. */
    public boolean needsCalibration() {
        return prompt.needsCalibration()
                || changes.stream().anyMatch(change -> change.quality().needsCalibration());
    }

    /** Returns the plan with other qualities in the place of these. */
    public LinkPlan map(UnaryOperator<CodecLevel> each) {
        List<Change> mapped = new ArrayList<>();
        changes.forEach(change -> mapped.add(new Change(change.from(), each.apply(change.quality()))));
        return new LinkPlan(each.apply(prompt), mapped);
    }

    /** Returns it for people: {@code int8}, or {@code tuned-28, then tuned-40, from token 16 on int8}. */
    public String label() {
        if (changes.size() == 1 && changes.get(0).quality().name().equals(prompt.name())) {
            return prompt.name();
        }
        StringBuilder label = new StringBuilder(prompt.name());
        for (Change change : changes) {
            label.append(change.from() == 0 ? ", then " : ", from token " + change.from() + " on ");
            label.append(change.quality().name());
        }
        return label.toString();
    }
}
