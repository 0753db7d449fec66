package dev.cleave.optimizer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.model.ModelException;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import dev.cleave.optimizer.file.PlanFile;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PlanFileTest {
    @Test
    void whatWasChosenIsReadAgain() {
        RandomRequests requests = new RandomRequests(7);
        int planned = 0;
        for (int i = 0; i < 200; i++) {
            PlanRequest request = requests.next();
            PlanAnswer answer = Planner.plan(request);
            byte[] file = PlanFile.write(request, answer);
            if (answer instanceof PlanAnswer.Planned plan) {
                planned++;
                assertThat(PlanFile.read(file, "file"))
                        .isEqualTo(new PlanFile.Chosen("abc", plan.best().setting()));
            } else {
                assertThatThrownBy(() -> PlanFile.read(file, "file"))
                        .isInstanceOf(ModelException.class)
                        .hasMessageContaining("feasible");
                JsonObject json = Json.parseObject(file, "file");
                assertThat(json.list("nearest")).isNotEmpty();
                assertThat(json.element("nearest", 0).object("limits").fields()).isNotEmpty();
            }
        }
        assertThat(planned).isBetween(20, 180);
    }

    @Test
    void aWrongFieldIsNamed() {
        PlanRequest request = feasible();
        String file = new String(PlanFile.write(request, Planner.plan(request)), StandardCharsets.UTF_8);
        refused(file.replaceFirst("\"split\" ?: ?\\d+", "\"split\": -1"), "plan.split");
        refused(file.replaceFirst("\"length\" ?: ?\\d+", "\"length\": 1e99"), "plan.length");
        refused(file.replaceFirst("cleave-plan", "cleave-cake"), "format");
        refused(file.replaceFirst("\"version\" ?: ?1", "\"version\": 2"), "version");
        refused(file.substring(0, file.length() / 2), "file");
    }

    private static void refused(String file, String field) {
        assertThatThrownBy(() -> PlanFile.read(file.getBytes(StandardCharsets.UTF_8), "file"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(field);
    }

    private static PlanRequest feasible() {
        RandomRequests requests = new RandomRequests(8);
        PlanRequest request = requests.next();
        while (!(Planner.plan(request) instanceof PlanAnswer.Planned)) {
            request = requests.next();
        }
        return request;
    }
}
