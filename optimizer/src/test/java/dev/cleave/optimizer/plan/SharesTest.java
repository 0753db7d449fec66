package dev.cleave.optimizer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The best plan for each share of the cloud is the best plan where nothing else may be chosen. */
class SharesTest {
    @Test
    void areThoseOfThePlannerWhereSplitAndWidthAreGiven() {
        RandomRequests requests = new RandomRequests(31);
        int found = 0;
        for (int i = 0; i < 300; i++) {
            PlanRequest request = requests.next();
            List<Plan> expected = new ArrayList<>();
            int layers = request.device().layers();
            for (int split = 0; split <= layers; split++) {
                for (int width = 0; width < request.cloud().widths().size(); width++) {
                    if ((split < layers || width == 0)
                            && Choices.allows(request.choices().splits(), split)) {
                        only(request, split, request.cloud().widths().get(width).bits(), expected);
                    }
                }
            }
            assertThat(Planner.shares(request)).isEqualTo(expected);
            found += expected.size();
        }
        assertThat(found).isGreaterThan(300);
    }

    private static void only(PlanRequest request, int split, int bits, List<Plan> plans) {
        Choices choices = request.choices().withSplits(List.of(split)).withBackBits(List.of(bits));
        if (Planner.plan(request.with(choices)) instanceof PlanAnswer.Planned planned) {
            plans.add(planned.best());
        }
    }
}
