package dev.cleave.optimizer.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.model.ModelException;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import dev.cleave.optimizer.ProfileException;
import dev.cleave.optimizer.plan.Budget;
import dev.cleave.optimizer.plan.Choices;
import dev.cleave.optimizer.plan.Demand;
import dev.cleave.optimizer.plan.Objective;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestFileTest {
    @Test
    void whatIsAbsentIsFree() {
        assertThat(RequestFile.demand(json("{'promptTokens': 3, 'answerTokens': 4}")))
                .isEqualTo(new Demand(3, 4, 7));
        assertThat(RequestFile.budget(json("{}"))).isEqualTo(Budget.NONE);
        assertThat(RequestFile.choices(json("{}"))).isEqualTo(Choices.FREE);
    }

    @Test
    void everyFieldIsRead() {
        assertThat(RequestFile.demand(json("{'promptTokens': 3, 'answerTokens': 4, 'mostTokens': 9}")))
                .isEqualTo(new Demand(3, 4, 9));
        assertThat(RequestFile.demand(json("{'promptTokens': 3, 'answerTokens': 4, 'leastTokens': 8}")))
                .isEqualTo(new Demand(3, 4, 8, 8));
        assertThat(RequestFile.budget(json("{'memoryBytes': 1e8, 'firstTokenMillis': 300, 'tokenMillis': 40,"
                        + " 'loss': 0.01, 'missShare': 0.02}")))
                .isEqualTo(new Budget(1e8, 300, 40, 0.02, 0.01));
        assertThat(RequestFile.choices(json("{'splits': [1, 2], 'frontBits': [4], 'backBits': [8],"
                        + " 'promptLinks': ['a'], 'decodeLinks': ['b', 'c'], 'kv': ['float32']}")))
                .isEqualTo(new Choices(
                        List.of(1, 2), List.of(4), List.of(8), List.of("a"), List.of("b", "c"), List.of("float32")));
        assertThat(RequestFile.objective(json("{'objective': 'cloud'}"), "objective"))
                .isEqualTo(Objective.CLOUD);
        assertThat(RequestFile.objective(
                        json("{'objective': {'name': 'mine', 'perMilli': 1, 'perNat': 2, 'perByte': 3,"
                                + " 'perCloudMilli': 4, 'perTokenOfLength': 5}}"),
                        "objective"))
                .isEqualTo(new Objective("mine", 1, 2, 3, 4, 5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "demand.promptTokens|{'demand': {'promptTokens': 0, 'answerTokens': 4}}",
                "demand.promptTokens|{'demand': {'answerTokens': 4}}",
                "demand.promptTokens|{'demand': {'promptTokens': 2.5, 'answerTokens': 4}}",
                "demand.tokens|{'demand': {'promptTokens': 2, 'answerTokens': 4, 'tokens': 4}}",
                "demand.mostTokens|{'demand': {'promptTokens': 2, 'answerTokens': 4, 'mostTokens': 5}}",
                "budget.memoryBytes|{'budget': {'memoryBytes': 0}}",
                "budget.memoryBytes|{'budget': {'memoryBytes': '200M'}}",
                "budget.tokenMillis|{'budget': {'tokenMillis': -1}}",
                "budget.missShare|{'budget': {'missShare': 0.6}}",
                "budget.memory|{'budget': {'memory': 1}}",
                "choices.splits|{'choices': {'splits': [-1]}}",
                "choices.splits|{'choices': {'splits': 1}}",
                "choices.kv|{'choices': {'kv': [1]}}",
                "objective|{'objective': 'fast'}",
                "objective|{'objective': 3}",
                "objective|{'objective': {}}",
                "objective.perMilli|{'objective': {'perMilli': -1}}",
                "objective.perMili|{'objective': {'perMili': 1}}",
            })
    void aWrongFieldIsNamed(String field, String text) {
        Function<JsonObject, Object> read =
                json -> switch (json.fields().keySet().iterator().next()) {
                    case "demand" -> RequestFile.demand(json.object("demand"));
                    case "budget" -> RequestFile.budget(json.object("budget"));
                    case "choices" -> RequestFile.choices(json.object("choices"));
                    default -> RequestFile.objective(json, "objective");
                };
        assertThatThrownBy(() -> read.apply(json(text)))
                .satisfies(e -> assertThat(
                                e instanceof ModelException model
                                        ? model.field().orElseThrow().name()
                                        : ((ProfileException) e).field())
                        .isEqualTo(field));
    }

    private static JsonObject json(String text) {
        return Json.parseObject(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "request");
    }
}
