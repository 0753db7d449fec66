package dev.cleave.chat;

import dev.cleave.model.ChatTemplate;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.chat.ChatTemplateProvider;
import java.util.Optional;

/** Gives {@link ModelTemplate}s. */
public final class ModelTemplateProvider implements ChatTemplateProvider {
    @Override
    public Optional<ChatTemplate> of(Bundle bundle) {
        return ModelTemplate.of(bundle).map(template -> template);
    }
}
