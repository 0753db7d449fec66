package dev.cleave.model.bundle;

import java.util.Optional;

/**
 * Turns a chat template into role markers, where it is of that simple kind. It stands here because preparation stores them,
 * and is implemented where templates are rendered.
 */
public interface RoleMarkerExtractor {
    /** Finds none. */
    RoleMarkerExtractor NONE = (jinja, bosText, eosText) -> Optional.empty();

    /**
     * Extracts the markers.
     *
     * @param jinja chat template
     * @param bosText beginning token, may be empty
     * @param eosText end token, may be empty
     * @return JSON of the markers, UTF-8; empty where the template does more than put markers round messages
     */
    Optional<byte[]> extract(String jinja, String bosText, String eosText);
}
