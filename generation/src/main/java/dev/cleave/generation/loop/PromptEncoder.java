package dev.cleave.generation.loop;

import dev.cleave.model.ChatMessage;
import dev.cleave.model.ChatTemplate;
import dev.cleave.model.tokenizer.Tokenizer;
import java.util.List;

/** Turns a conversation into the token ids of a prompt. */
@FunctionalInterface
public interface PromptEncoder {
    /**
     * Encodes a conversation so that the assistant's next message follows.
     *
     * @param messages oldest first
     * @return ids, at least one
     */
    int[] encode(List<ChatMessage> messages);

    /** Returns an encoder that renders a chat template; special tokens within the messages are plain text. */
    static PromptEncoder chat(Tokenizer tokenizer, ChatTemplate template) {
        return messages -> tokenizer.encode(template.parts(messages, true), false);
    }

    /** Returns an encoder that puts the messages one behind the other as they are, with the tokenizer's own special tokens. */
    static PromptEncoder raw(Tokenizer tokenizer) {
        return messages -> {
            StringBuilder text = new StringBuilder();
            for (ChatMessage message : messages) {
                text.append(message.content());
            }
            return tokenizer.encode(text.toString(), true);
        };
    }
}
