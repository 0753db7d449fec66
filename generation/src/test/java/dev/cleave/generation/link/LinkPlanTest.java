package dev.cleave.generation.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.codec.CodecLevel;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class LinkPlanTest {
    private final LinkPlan plan = LinkPlan.of(CodecLevel.of("bf16"), CodecLevel.of("int8"))
            .then(4, CodecLevel.of("tabq-08"))
            .then(9, CodecLevel.of("tuned-43"));

    @Test
    void saysWhichQualityCarriesAToken() {
        assertThat(plan.prompt().name()).isEqualTo("bf16");
        assertThat(plan.decode(0).name()).isEqualTo("int8");
        assertThat(plan.decode(3).name()).isEqualTo("int8");
        assertThat(plan.decode(4).name()).isEqualTo("tabq-08");
        assertThat(plan.decode(1000).name()).isEqualTo("tuned-43");
        assertThat(plan.needsCalibration()).isTrue();
        assertThat(plan.then(4, CodecLevel.of("int8")).needsCalibration()).isFalse();
    }

    @Test
    void hasAName() {
        assertThat(plan.label()).isEqualTo("bf16, then int8, from token 4 on tabq-08, from token 9 on tuned-43");
        assertThat(LinkPlan.of(CodecLevel.of("int8")).label()).isEqualTo("int8");
    }

    @Test
    void refusesAnOrderThatDoesNotRise() {
        assertThatThrownBy(() -> new LinkPlan(CodecLevel.of("int8"), Collections.emptyList()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LinkPlan(
                        CodecLevel.of("int8"),
                        Collections.singletonList(new LinkPlan.Change(1, CodecLevel.of("int8")))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
