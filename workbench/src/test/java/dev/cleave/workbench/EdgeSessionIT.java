package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.codec.CodecLevel;
import dev.cleave.edge.session.EdgeConfig;
import dev.cleave.edge.session.EdgeSession;
import dev.cleave.edge.session.WorkerAccess;
import dev.cleave.generation.Cancellation;
import dev.cleave.generation.FinishReason;
import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.TextListener;
import dev.cleave.generation.loop.Conversation;
import dev.cleave.model.Mode;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.TransportException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session as programs use it, against a real worker behind a real broker. */
class EdgeSessionIT {
    @TempDir
    static Path home;

    private static Bundle bundle;

    @BeforeAll
    static void prepare() {
        Commands.prepareHearth(home, "--bits=4,8");
        bundle = Bundle.open(home.resolve("models/hearth-5m"));
    }

    @Test
    void answersThroughAWorkerAsItDoesAlone() throws InterruptedException {
        StringBuilder shown = new StringBuilder();
        try (Cloud cloud = Cloud.start(home, Map.of());
                EdgeSession session = EdgeSession.open(config(6, worker(cloud.brokerUri(), Optional.empty())))) {
            GenerationResult result = session.generate(Program.PROMPT, 64, shown::append, new Cancellation());

            assertThat(result.text()).isEqualTo(Program.ANSWER).isEqualTo(shown.toString());
            assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(result.bytes().frames()).isPositive();

            Conversation conversation = session.conversation(Optional.empty());
            conversation.ask(Program.PROMPT, 64, TextListener.NONE, new Cancellation());
            GenerationResult second = conversation.ask("And off again", 64, TextListener.NONE, new Cancellation());
            assertThat(second.reusedTokens())
                    .as("the first turn is not computed again")
                    .isPositive();
        }
        try (EdgeSession session = EdgeSession.open(config(12, Optional.empty()))) {
            assertThat(session.generate(Program.PROMPT, 64, TextListener.NONE, new Cancellation())
                            .text())
                    .isEqualTo(Program.ANSWER);
        }
    }

    @Test
    void goesOnAloneWhereThatIsAllowed() throws InterruptedException {
        WorkerAccess.Offline offline = new WorkerAccess.Offline(Long.MAX_VALUE, text -> {});
        try (EdgeSession session = EdgeSession.open(config(6, worker("tcp://127.0.0.1:1", Optional.of(offline))))) {
            GenerationResult result = session.generate(Program.PROMPT, 64, TextListener.NONE, new Cancellation());

            assertThat(result.trace().offline()).isPresent();
            assertThat(result.text()).isEqualTo(Program.ANSWER);
        }
    }

    @Test
    void saysThatNobodyIsThere() {
        assertThatThrownBy(() -> EdgeSession.open(config(6, worker("tcp://127.0.0.1:1", Optional.empty()))))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("127.0.0.1");
        assertThatThrownBy(() -> config(6, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("split 6");
    }

    private static EdgeConfig config(int split, Optional<WorkerAccess> worker) {
        return EdgeConfig.of(bundle, new SplitConfig(split, 4, 8, CodecLevel.of("int8"), Mode.FAST), worker);
    }

    private static Optional<WorkerAccess> worker(String broker, Optional<WorkerAccess.Offline> offline) {
        BrokerOptions options = new BrokerOptions(URI.create(broker), Optional.empty(), Optional.empty());
        return Optional.of(new WorkerAccess(() -> options, "board", Timeouts.DEFAULT, offline));
    }
}
