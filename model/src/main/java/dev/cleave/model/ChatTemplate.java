package dev.cleave.model;

import java.util.Collections;
import java.util.List;

/** Turns a conversation into the text that a model was trained on. */
public interface ChatTemplate {
    /**
     * Renders a conversation.
     *
     * @param messages oldest first
     * @param addGenerationPrompt whether the text ends with the marker behind which the assistant answers
     * @throws ModelException with {@code UNSUPPORTED} for a template or role that cannot be rendered
     */
    String render(List<ChatMessage> messages, boolean addGenerationPrompt);

    /**
     * Renders a conversation as {@link #render} does, but keeps what the template wrote apart from what people wrote, as far
     * as the template lets that be known: the parts, put together, are the rendered text. Encode them with {@code
     * Tokenizer.encode(parts, false)}: the template brings the beginning token itself.
     */
    default List<TextPart> parts(List<ChatMessage> messages, boolean addGenerationPrompt) {
        return Collections.singletonList(TextPart.markup(render(messages, addGenerationPrompt)));
    }
}
