package dev.cleave.generation.loop;

import dev.cleave.generation.Cancellation;
import dev.cleave.generation.GenerationException;
import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.PromptTooLongException;
import dev.cleave.generation.TextListener;
import dev.cleave.model.ChatMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Messages to and fro over one generator, whose KV caches stay from turn to turn. Made for one thread. */
public final class Conversation {
    private static final String USER = "user";
    private static final String ASSISTANT = "assistant";

    private final Generator generator;
    private final PromptEncoder encoder;
    private final Optional<String> system;
    private final List<ChatMessage> messages = new ArrayList<>();

    /**
     * Begins a conversation.
     *
     * @param system message that stands before all others, where the template knows that role
     */
    public Conversation(Generator generator, PromptEncoder encoder, Optional<String> system) {
        this.generator = generator;
        this.encoder = encoder;
        this.system = system;
        clear();
    }

    /** Returns the messages so far. */
    public List<ChatMessage> messages() {
        return Collections.unmodifiableList(messages);
    }

    /** Begins anew; what the KV caches hold is used again as far as it fits. */
    public void clear() {
        messages.clear();
        if (system.isPresent()) {
            messages.add(new ChatMessage("system", system.get()));
        }
    }

    /**
     * Asks and answers. A turn that fails leaves no trace in the conversation; a cancelled one stays, as far as it was shown.
     *
     * @param text of the user
     * @param maxTokens of the answer, at least 1
     * @throws PromptTooLongException where the conversation leaves no room for an answer
     * @throws GenerationException where link, worker, broker or engine fail; it holds what was shown
     */
    public GenerationResult ask(String text, int maxTokens, TextListener listener, Cancellation cancellation) {
        int turn = messages.size();
        messages.add(new ChatMessage(USER, text));
        try {
            int[] prompt = encoder.encode(messages);
            GenerationResult result = generator.generate(prompt, maxTokens, listener, cancellation);
            messages.add(new ChatMessage(ASSISTANT, result.text()));
            return result;
        } catch (RuntimeException failure) {
            messages.subList(turn, messages.size()).clear();
            throw failure;
        }
    }
}
