package dev.cleave.optimizer.profile;

import dev.cleave.optimizer.ProfileException;
import java.util.Collections;
import java.util.List;

/**
 * What a step of one token takes beyond its layers, how steady the machine is, and how awake.
 *
 * @param millis for buffers, session, protocol
 * @param excess by how much steps took longer than the median, as a share of it, in rising order: {@code 0.1} took 10 % longer; at
 *     least one, at most {@link #MOST}, each more than −1
 * @param afterWait how many times as long a step takes behind a wait as it takes right behind another, 1..100: threads that have
 *     slept are slow to share the work again
 */
public record StepCost(double millis, List<Double> excess, double afterWait) {
    /** So many samples say enough. */
    public static final int MOST = 256;

    private static final double MOST_MILLIS = 1e5;
    private static final double MOST_FACTOR = 100;
    /** A greater one is an outage. */
    public static final double MOST_EXCESS = 1e3;

    /** Checks the ranges and the order. */
    public StepCost {
        Checks.within("stepMillis", millis, 0, MOST_MILLIS);
        Checks.within("stepAfterWait", afterWait, 1, MOST_FACTOR);
        if (excess.isEmpty() || excess.size() > MOST) {
            throw new ProfileException("stepExcess", excess.size() + " numbers", "1.." + MOST);
        }
        excess = Checks.copy(excess);
        double least = -1;
        for (int i = 0; i < excess.size(); i++) {
            Checks.within("stepExcess[" + i + "]", excess.get(i), least, MOST_EXCESS);
            least = excess.get(i);
        }
    }

    /** Returns the cost on a machine whose steps all take the same. */
    public static StepCost steady(double millis) {
        return new StepCost(millis, Collections.singletonList(0.0), 1);
    }

    /** Returns the least excess that at least the share 1 − ε of the steps do not exceed, at least 0. */
    public double promised(double missShare) {
        int rank = (int) Math.ceil((1 - missShare) * excess.size() - 1e-9) - 1;
        return Math.max(0, excess.get(Math.max(0, rank)));
    }
}
