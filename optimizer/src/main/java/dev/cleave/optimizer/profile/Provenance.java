package dev.cleave.optimizer.profile;

import dev.cleave.optimizer.ProfileException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a profile comes from.
 *
 * @param modelHash of the bundle
 * @param machine in words: processor, cores
 * @param date ISO 8601
 * @param versions of what was measured: {@code cleave}, {@code onnxruntime}, {@code java}
 */
public record Provenance(String modelHash, String machine, String date, Map<String, String> versions) {
    /** Copies the map. */
    public Provenance {
        if (modelHash.isEmpty()) {
            throw new ProfileException("modelHash", "empty", "the hash of the bundle that was measured");
        }
        versions = Collections.unmodifiableMap(new TreeMap<>(versions));
    }
}
