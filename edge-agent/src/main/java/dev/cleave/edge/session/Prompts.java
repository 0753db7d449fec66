package dev.cleave.edge.session;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.generation.loop.PromptEncoder;
import dev.cleave.model.ChatTemplate;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.chat.ChatTemplates;
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
     * Chooses the model's chat template, unless the prompt is to be taken as it is or there is none. Where a prompt has no
     * tokens it begins with the beginning token that the model's configuration names, as Transformers begins then; without
     * one the encoder throws a {@link CliException} of {@code USAGE}.
     *
     * @throws dev.cleave.model.ModelException where the model has a template that cannot be rendered
     */
    public static Choice choose(Bundle bundle, Tokenizer tokenizer, boolean raw) {
        Optional<ChatTemplate> template = raw ? Optional.empty() : ChatTemplates.of(bundle);
        PromptEncoder encoder = template.map(found -> PromptEncoder.chat(tokenizer, found))
                .orElseGet(() -> PromptEncoder.raw(tokenizer));
        Optional<String> note = raw || template.isPresent()
                ? Optional.empty()
                : Optional.of(bundle.name() + " has no chat template: prompts are taken as they are (--raw)");
        return new Choice(messages -> atLeastOne(encoder.encode(messages), bundle), note);
    }

    private static int[] atLeastOne(int[] ids, Bundle bundle) {
        if (ids.length > 0) {
            return ids;
        }
        int begin = bundle.bosId()
                .orElseThrow(() -> new CliException(
                        ExitCode.USAGE,
                        "the prompt has no tokens, and " + bundle.name()
                                + " names no beginning token with which a text could begin; write something"));
        return new int[] {begin};
    }
}
