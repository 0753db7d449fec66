package dev.cleave.model.chat;

import dev.cleave.model.ChatTemplate;
import dev.cleave.model.bundle.Bundle;
import java.util.Optional;

/** Renders the chat templates that role markers cannot express; found by {@link java.util.ServiceLoader}. */
public interface ChatTemplateProvider {
    /**
     * Returns the template of a bundle; empty where the model has none.
     *
     * @throws dev.cleave.model.ModelException with the reason, where it has one that cannot be rendered
     */
    Optional<ChatTemplate> of(Bundle bundle);
}
