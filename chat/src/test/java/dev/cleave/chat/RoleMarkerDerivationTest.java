package dev.cleave.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.model.ChatMessage;
import dev.cleave.model.chat.RoleMarkers;
import dev.cleave.model.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoleMarkerDerivationTest {
    private static final String CHAT_ML =
            "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>' + '\\n' }}"
                    + "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private static Optional<RoleMarkers> derive(String jinja) {
        return new RoleMarkerDerivation().derive(jinja, "<s>", "</s>").markers();
    }

    @Test
    void theDefaultModelsTemplateIsOfTheSimpleKind() throws Exception {
        Path file = Path.of(System.getProperty("cleave.root"), "models", "hearth-5m", "tokenizer_config.json");
        String jinja = Json.parseObject(Files.readAllBytes(file), "tokenizer_config.json")
                .string("chat_template");
        RoleMarkers markers = derive(jinja).orElseThrow();
        assertThat(markers.render(
                        List.of(
                                new ChatMessage("user", "a"),
                                new ChatMessage("assistant", "b"),
                                new ChatMessage("user", "c")),
                        true))
                .isEqualTo("<|end|><|user|>a<|assistant|>b<|end|><|user|>c<|assistant|>");
    }

    @Test
    void chatMlIsOfTheSimpleKindWithASystemRole() {
        RoleMarkers markers = derive(CHAT_ML).orElseThrow();
        assertThat(markers.render(List.of(new ChatMessage("system", "s"), new ChatMessage("user", "u")), true))
                .isEqualTo("<|im_start|>system\ns<|im_end|>\n<|im_start|>user\nu<|im_end|>\n<|im_start|>assistant\n");
    }

    @Test
    void whatIsWrittenSurvivesAsJson() {
        RoleMarkers markers = derive(CHAT_ML).orElseThrow();
        assertThat(RoleMarkers.read(markers.write(), "test")).isEqualTo(markers);
    }

    @Test
    void aTemplateThatChangesMessagesIsNot() {
        assertThat(derive("{% for m in messages %}<{{ m['role'] }}>{{ m['content'] | trim }}{% endfor %}"
                        + "{% if add_generation_prompt %}<assistant>{% endif %}"))
                .isEmpty();
    }

    @Test
    void aTemplateThatLooksAtThePositionIsNot() {
        assertThat(derive("{% for m in messages %}<{{ m['role'] }}{{ loop.index0 }}>{{ m['content'] }}{% endfor %}"
                        + "{% if add_generation_prompt %}<assistant>{% endif %}"))
                .isEmpty();
    }

    @Test
    void aTextThatIsNoTemplateIsNot() {
        assertThat(derive("{% for m in messages %}")).isEmpty();
    }

    @Test
    void aTemplateThatLooksIntoMessagesIsNot() {
        assertThat(derive("{% for m in messages %}<{{ m['role'] }}>{{ m['content'].split('</think>')[-1] }}{% endfor %}"
                        + "{% if add_generation_prompt %}<assistant>{% endif %}"))
                .isEmpty();
        assertThat(derive("{% for m in messages %}{% if m.content %}<{{ m['role'] }}>{{ m['content'] }}{% endif %}"
                        + "{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}"))
                .isEmpty();
    }

    @Test
    void aTemplateThatTellsTheDateIsNot() {
        assertThat(derive("{{ strftime_now('%Y') }}" + CHAT_ML)).isEmpty();
    }

    @Test
    void aTemplateThatForgetsIsNot() {
        assertThat(derive(CHAT_ML.replace("in messages %}", "in messages[-9:] %}")))
                .isEmpty();
    }
}
