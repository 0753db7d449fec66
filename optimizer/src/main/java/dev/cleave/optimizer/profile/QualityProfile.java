package dev.cleave.optimizer.profile;

import dev.cleave.optimizer.ProfileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What narrower weights, links and caches cost in quality, in the additive form
 * {@code weights(ℓ, front bits, back bits) + link(ℓ, quality) + KV}, each a mean divergence KL in nats a token from the widest
 * weights over a lossless link. {@code weights} is itself a sum, of the front segment's part and the back one's.
 *
 * @param modelHash of the bundle
 * @param front for each width, the loss where layers 1..ℓ have it and the others the widest
 * @param back for each width, the loss where layers ℓ+1..L and the head have it and the others the widest
 * @param links what each quality sends and loses
 * @param kv for each precision of keys and values, its loss
 * @param additivityError greatest difference, in nats, between such a sum, of at most 0.1, and a measurement of
 *     everything at once
 */
public record QualityProfile(
        String modelHash,
        Map<Integer, Curve> front,
        Map<Integer, Curve> back,
        List<LinkLoss> links,
        Map<String, Double> kv,
        double additivityError) {
    private static final double MOST = 100;

    /** Checks the ranges. */
    public QualityProfile {
        if (modelHash.isEmpty()) {
            throw new ProfileException("modelHash", "empty", "the hash of the bundle that was measured");
        }
        front = new TreeMap<>(front);
        back = new TreeMap<>(back);
        links = Checks.distinct("links", links, LinkLoss::link);
        kv = new TreeMap<>(kv);
        kv.forEach((name, loss) -> Checks.within("kv." + name, loss, 0, MOST));
        Checks.within("additivityError", additivityError, 0, MOST);
    }

    /** Returns a codec level. */
    public Optional<LinkLoss> link(String name) {
        return links.stream().filter(link -> link.link().equals(name)).findFirst();
    }
}
