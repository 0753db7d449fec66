package dev.cleave.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.Mode;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts in the end: text. */
class CommandsTest {
    private static final SegmentEngine ENGINE = EngineProvider.find().create(EngineOptions.DEFAULT);
    private static final int LONGEST_ANSWER = 100;

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    @ParameterizedTest
    @CsvSource({"16,16,EXACT", "8,8,FAST", "4,8,FAST", "4,4,FAST"})
    void hearthAnswersUnseenCommandsRight(int frontBits, int backBits, Mode mode) throws IOException {
        Bundle bundle = TestBundles.hearth();
        Tokenizer tokenizer = Tokenizer.of(bundle.tokenizerJson());
        int end = bundle.stopIds().get(0);
        try (SplitModel model = new SplitModel(ENGINE, bundle, 6, frontBits, backBits, mode)) {
            for (EvalPrompt command : EvalPrompt.first(10)) {
                int[] generated = model.generate(tokenizer.encode(command.chat(), false), LONGEST_ANSWER);
                int length = 0;
                while (length < generated.length && generated[length] != end) {
                    length++;
                }
                String answer = tokenizer.decode(Arrays.copyOf(generated, length), true);
                assertThat(answer).as(command.prompt()).isEqualTo(command.completion());
            }
        }
    }
}
