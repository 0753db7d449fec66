package dev.cleave.chat;

import dev.cleave.model.ChatMessage;
import dev.cleave.model.ChatTemplate;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.TextPart;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.chat.RoleMarkers;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The chat template of a prepared model: its role markers for the conversations that they are proven for, the template itself
 * for all others.
 */
public final class ModelTemplate implements ChatTemplate {
    private final Optional<RoleMarkers> markers;
    private final Optional<JinjaChatTemplate> template;

    private ModelTemplate(Optional<RoleMarkers> markers, Optional<JinjaChatTemplate> template) {
        this.markers = markers;
        this.template = template;
    }

    /**
     * Returns the template of a bundle; empty where the model has none.
     *
     * @throws dev.cleave.model.ModelException with {@code MALFORMED} or {@code UNSUPPORTED} and the reason, where it has one
     *     that cannot be rendered
     */
    public static Optional<ModelTemplate> of(Bundle bundle) {
        return of(bundle, LocalDateTime::now);
    }

    /** Returns the same, with a clock for {@code strftime_now}. */
    public static Optional<ModelTemplate> of(Bundle bundle, Supplier<LocalDateTime> clock) {
        Optional<JinjaChatTemplate> template = bundle.chatTemplate()
                .map(jinja -> new JinjaChatTemplate(
                        jinja, bundle.bosText().orElse(""), bundle.eosText().orElse(""), clock));
        Optional<RoleMarkers> markers = bundle.roleMarkers().map(json -> RoleMarkers.read(json, "role-markers.json"));
        return template.isEmpty() && markers.isEmpty()
                ? Optional.empty()
                : Optional.of(new ModelTemplate(markers, template));
    }

    /** Returns how a bundle's conversations become prompts, and why, in a sentence for people. */
    public static String describe(Bundle bundle) {
        if (bundle.chatTemplate().isEmpty()) {
            return "the model has no chat template: prompts are taken as they are";
        } else if (bundle.roleMarkers().isPresent()) {
            return "role markers stand for the chat template: they give the same text whatever messages say";
        }
        String bos = bundle.bosText().orElse("");
        String eos = bundle.eosText().orElse("");
        try {
            new JinjaChatTemplate(bundle.chatTemplate().get(), bos, eos)
                    .parts(List.of(new ChatMessage("user", "Hello")), true);
        } catch (ModelException e) {
            return e.getMessage();
        }
        return "the chat template is rendered at run time: "
                + new RoleMarkerDerivation()
                        .derive(bundle.chatTemplate().get(), bos, eos)
                        .why();
    }

    /** Returns whether role markers render this conversation, rather than the template. */
    public boolean usesMarkers(List<ChatMessage> messages) {
        return markers.isPresent()
                && (template.isEmpty() || RoleMarkerDerivation.covers(markers.get(), new ArrayList<>(messages)));
    }

    /**
     * A conversation as text.
     *
     * @param parts the text
     * @param byMarkers whether role markers made it
     */
    public record Rendering(List<TextPart> parts, boolean byMarkers) {}

    /**
     * Renders messages that may hold more than role and content.
     *
     * @param messages each a map, as {@code Json} gives it
     * @param addGenerationPrompt whether the text ends with the marker behind which the assistant answers
     * @param variables of the template, by name
     */
    public Rendering render(List<?> messages, boolean addGenerationPrompt, Map<String, ?> variables) {
        List<ChatMessage> plain = new ArrayList<>();
        for (Object message : messages) {
            Map<?, ?> fields = (Map<?, ?>) message;
            if (fields.size() == 2 && fields.get("role") instanceof String && fields.get("content") instanceof String) {
                plain.add(new ChatMessage((String) fields.get("role"), (String) fields.get("content")));
            }
        }
        boolean isPlain = plain.size() == messages.size() && variables.isEmpty();
        if (isPlain && usesMarkers(plain)) {
            return new Rendering(parts(plain, addGenerationPrompt), true);
        }
        JinjaChatTemplate jinja = template.orElseThrow(() -> new ModelException(
                Reason.UNSUPPORTED, "the model has role markers only, which take role and content and no variables"));
        return new Rendering(jinja.parts(messages, addGenerationPrompt, variables), false);
    }

    private ChatTemplate chosen(List<ChatMessage> messages) {
        return usesMarkers(messages) ? markers.get() : template.orElseThrow(IllegalStateException::new);
    }

    @Override
    public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
        return chosen(messages).render(messages, addGenerationPrompt);
    }

    @Override
    public List<TextPart> parts(List<ChatMessage> messages, boolean addGenerationPrompt) {
        return chosen(messages).parts(messages, addGenerationPrompt);
    }
}
