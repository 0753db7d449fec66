package dev.cleave.edge.cli;

import dev.cleave.chat.ModelTemplate;
import dev.cleave.generation.PromptEncoder;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.tokenizer.Tokenizer;
import java.util.Optional;

/** Chooses how messages become a prompt. */
public final class Prompts {
    private Prompts() {}

    /**
     * A choice.
     *
     * @param encoder what was chosen
     * @param note what the user should know of it
     */
    public record Choice(PromptEncoder encoder, Optional<String> note) {}

    /**
     * Chooses the model's chat template, unless the prompt is to be taken as it is or there is none.
     *
     * @throws dev.cleave.model.ModelException where the model has a template that cannot be rendered
     */
    public static Choice choose(Bundle bundle, Tokenizer tokenizer, boolean raw) {
        Optional<ModelTemplate> template = raw ? Optional.empty() : ModelTemplate.of(bundle);
        if (template.isPresent()) {
            return new Choice(PromptEncoder.chat(tokenizer, template.get()), Optional.empty());
        }
        Optional<String> note = raw
                ? Optional.empty()
                : Optional.of(bundle.name() + " has no chat template: prompts are taken as they are (--raw)");
        return new Choice(PromptEncoder.raw(tokenizer), note);
    }
}
