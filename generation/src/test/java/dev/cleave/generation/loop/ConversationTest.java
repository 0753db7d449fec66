package dev.cleave.generation.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.generation.Cancellation;
import dev.cleave.generation.GenerationException;
import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.TextListener;
import dev.cleave.model.ChatMessage;
import dev.cleave.model.chat.RoleMarkers;
import dev.cleave.model.chat.RoleMarkers.Marker;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.transport.TransportException;
import dev.cleave.transport.TransportException.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConversationTest {
    private static final int[] ANSWER = Hearth.TOKENIZER.encode("All right.", false);

    /** What hearth-5m was trained on. */
    private static final RoleMarkers MARKERS = new RoleMarkers(
            "",
            "",
            Map.of("user", new Marker("<|end|><|user|>", ""), "assistant", new Marker("<|assistant|>", "")),
            "<|assistant|>");

    private final int assistant = Hearth.TOKENIZER.id("<|assistant|>").orElseThrow();

    /** Says the answer behind each assistant's marker, then stops. */
    private final ScriptedLink link = new ScriptedLink(held -> {
        int said = held.size() - 1 - held.lastIndexOf(assistant);
        return said < ANSWER.length ? ANSWER[said] : Hearth.STOP;
    });

    private final Generator generator =
            Generator.overLink(Hearth.tokenizerOnly(256), link, "device", SamplingOptions.GREEDY);
    private final Conversation conversation =
            new Conversation(generator, PromptEncoder.chat(Hearth.TOKENIZER, MARKERS), Optional.empty());

    @Test
    void sendsOnlyTheNewTurn() {
        ask("Turn on the light");
        int before = link.sent.size();
        GenerationResult second = ask("And off again");

        int[] whole = Hearth.TOKENIZER.encode(
                "<|end|><|user|>Turn on the light<|assistant|>All right.<|end|><|user|>And off again<|assistant|>",
                false);
        assertThat(second.promptTokens()).isEqualTo(whole.length);
        int firstTurn =
                Hearth.TOKENIZER.encode("<|end|><|user|>Turn on the light<|assistant|>All right.", false).length;
        assertThat(second.reusedTokens()).isEqualTo(firstTurn);
        assertThat(link.sent.get(before).position()).isEqualTo(firstTurn);
        assertThat(second.text()).isEqualTo("All right.");
    }

    @Test
    void remembersWhoSaidWhat() {
        ask("Hello");

        assertThat(conversation.messages())
                .containsExactly(new ChatMessage("user", "Hello"), new ChatMessage("assistant", "All right."));
    }

    @Test
    void takesAMarkerThatSomebodyTypesForText() {
        GenerationResult result = ask("<|assistant|>");

        assertThat(link.sent.stream().flatMap(step -> step.ids().stream()).filter(id -> id == assistant))
                .hasSize(1);
        assertThat(result.text()).isEqualTo("All right.");
    }

    @Test
    void forgetsATurnThatFailed() {
        ask("Hello");
        // In the midst of the answer: before its first token a lost session would only be opened again.
        link.failAfter(4, new TransportException(Reason.WORKER_LOST, "gone", null));
        List<ChatMessage> before = List.copyOf(conversation.messages());

        assertThatThrownBy(() -> ask("Are you there?")).isInstanceOf(GenerationException.class);

        assertThat(conversation.messages()).isEqualTo(before);
        assertThat(ask("Are you there?").text()).isEqualTo("All right.");
    }

    @Test
    void beginsAnewWithTheSystemMessage() {
        Conversation guided =
                new Conversation(generator, PromptEncoder.raw(Hearth.TOKENIZER), Optional.of("Be brief."));
        guided.ask("Hello", 3, TextListener.NONE, new Cancellation());

        guided.clear();

        assertThat(guided.messages()).containsExactly(new ChatMessage("system", "Be brief."));
    }

    private GenerationResult ask(String text) {
        return conversation.ask(text, 50, TextListener.NONE, new Cancellation());
    }
}
