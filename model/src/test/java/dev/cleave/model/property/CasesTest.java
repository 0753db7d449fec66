package dev.cleave.model.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CasesTest {
    @Test
    void allCasesAreCheckedAndNoneTwice() {
        List<Long> seeds = new ArrayList<>();
        Cases.check(1000, seeds::add);

        assertThat(seeds).hasSize(1000).doesNotHaveDuplicates();
    }

    @Test
    void theFirstCaseThatFailsIsNamed() {
        List<Long> seeds = new ArrayList<>();
        Cases.check(8, seeds::add);

        assertThatThrownBy(() -> Cases.check(8, seed -> assertThat(seed).isNotEqualTo(seeds.get(7))))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("case 7 of 8, seed " + seeds.get(7) + "L: ");
    }
}
