package dev.cleave.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.model.ModelException;
import dev.cleave.model.TextPart;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import java.io.InputStream;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every template gives the text that Jinja2 gives, or an error; rendered.json is made by src/test/oracle/render.py. */
class JinjaOracleTest {
    private static final LocalDateTime NOW = LocalDateTime.of(2024, 7, 6, 9, 5, 3);

    /** Templates that Jinja2 renders and this interpreter refuses; what it names is the only thing that may differ. */
    private static final Set<String> REFUSED = Set.of(
            "[{{ '%'|safe ~ 'x' }}]",
            "[{{ '\\N{BULLET}' }}]",
            "[{{ 'a'.encode() }}]",
            "[{{ lipsum(1) }}]",
            "[{{ 'a'.__class__ }}]",
            "[{{ {'items':1}.items }}]",
            "[{{ 'a' is sameas 'a' }}]");

    private static JsonObject rendered() throws Exception {
        try (InputStream in = JinjaOracleTest.class.getResourceAsStream("rendered.json")) {
            return Json.parseObject(in.readAllBytes(), "rendered.json");
        }
    }

    @TestFactory
    Stream<DynamicTest> eachTemplate() throws Exception {
        JsonObject file = rendered();
        int count = file.list("results").size();
        Map<String, List<JsonObject>> byTemplate = IntStream.range(0, count)
                .mapToObj(i -> file.element("results", i))
                .collect(Collectors.groupingBy(each -> each.string("template")));
        return byTemplate.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(
                        entry.getKey(), () -> entry.getValue().forEach(each -> check(file, each))));
    }

    private static void check(JsonObject file, JsonObject expected) {
        if (expected.has("error") || REFUSED.contains(expected.string("template"))) {
            assertThatThrownBy(() -> render(file, expected))
                    .as(expected.string("template"))
                    .isInstanceOf(ModelException.class);
        } else {
            assertThat(render(file, expected)).isEqualTo(expected.string("text"));
        }
    }

    private static String render(JsonObject file, JsonObject expected) {
        List<Object> messages = file.object("conversations").list(expected.string("conversation"));
        Object tools = messages.toString().contains("tool_calls") ? file.list("tools") : null;
        Map<String, Object> variables = new java.util.HashMap<>();
        variables.put("tools", tools);
        return new JinjaChatTemplate(expected.string("template"), "<s>", "</s>", () -> NOW)
                .parts(messages, expected.bool("prompt"), variables).stream()
                        .map(TextPart::text)
                        .collect(Collectors.joining());
    }

    @Test
    void whatIsRefusedIsInTheFile() throws Exception {
        List<String> templates = new ArrayList<>();
        JsonObject file = rendered();
        for (int i = 0; i < file.list("results").size(); i++) {
            templates.add(file.element("results", i).string("template"));
        }
        assertThat(templates).containsAll(REFUSED);
    }

    @Test
    void whatDifferedSilentlyIsRight() throws Exception {
        JsonObject file;
        try (InputStream in = JinjaOracleTest.class.getResourceAsStream("silent.json")) {
            String list = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            file = Json.parseObject(
                    ("{\"templates\":" + list + "}").getBytes(java.nio.charset.StandardCharsets.UTF_8), "silent.json");
        }
        for (int i = 0; i < file.list("templates").size(); i++) {
            JsonObject each = file.element("templates", i);
            for (int k = 0; k < each.list("expected").size(); k++) {
                JsonObject expected = each.element("expected", k);
                String text = new JinjaChatTemplate(each.string("template"), "", "")
                        .parts(expected.list("messages"), expected.bool("add_generation_prompt"), Map.of()).stream()
                                .map(TextPart::text)
                                .collect(Collectors.joining());
                assertThat(text).as(each.string("what")).isEqualTo(expected.string("text"));
            }
        }
    }
}
