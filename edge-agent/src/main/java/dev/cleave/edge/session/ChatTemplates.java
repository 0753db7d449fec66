package dev.cleave.edge.session;

import dev.cleave.model.ChatTemplate;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.chat.RoleMarkers;
import java.util.Optional;

/** The chat template of a bundle. */
final class ChatTemplates {
    private ChatTemplates() {}

    /** Returns the bundle's role markers; empty where its template is not of that kind, or it has none. */
    static Optional<ChatTemplate> of(Bundle bundle) {
        return bundle.roleMarkers().map(json -> RoleMarkers.read(json, "role-markers.json"));
    }
}
