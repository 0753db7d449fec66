package dev.cleave.generation.link;

import dev.cleave.codec.CodecLevel;
import java.util.Arrays;
import java.util.List;

/**
 * Steps down a ladder of codec levels while tokens miss their deadline, and up again once there is room. The rules are ours.
 *
 * <p>A step of b frame bytes and h others that was x ms on the way has cost c = (x − r) / (b + h) ms a byte, where r is the
 * least x of the last {@value #FLOOR_STEPS} steps at the first rung and of all since below it: a link that has become narrow is
 * not taken for one that always was. At another rung of b' bytes a token would have taken t' = t + (b' − b) · c, of
 * which v' = (b' + h) · c by its bytes. It is predicted to hold where v' takes at most a share of what is left of the deadline
 * besides: v' ≤ share · (deadline − (t' − v')). So the margin is in what a quality can change, however long the round trip is.
 *
 * <ul>
 *   <li>Down: on the second late token of the last {@value #RECENT}, to the finest rung that holds with share {@value #DOWN},
 *       c being the least of the late ones; to the last rung where none is. A single late token is taken for noise.
 *   <li>Up: after N tokens in time one after the other, to the finest rung that holds with share {@value #UP}, t and c being
 *       the greatest of those N. After {@value #MOST_WAIT} tokens in time at one rung to the next finer one, whatever is
 *       predicted: r may be out of date.
 *   <li>Back-off: N is {@value #LEAST_WAIT} at first, doubles (to at most {@value #MOST_WAIT}) where a rise did not last for N
 *       tokens, and is {@value #LEAST_WAIT} again once one did.
 * </ul>
 */
public final class LinkGovernor implements LinkRule {
    public static final int LEAST_WAIT = 8;
    public static final int MOST_WAIT = 512;
    private static final int RECENT = 3;
    private static final int ENOUGH_LATE = 2;
    private static final int FLOOR_STEPS = 64;
    private static final double DOWN = 0.9;
    private static final double UP = 0.6;
    /** Weight of a new frame in the expected size of a rung's frames. */
    private static final double NEWEST = 0.125;

    private final CodecLevel[] ladder;
    private final double[] frame;
    private final double deadline;

    private final double[] ways = new double[FLOOR_STEPS];
    private final double[] lateCost = new double[RECENT];
    private double other;
    private double floor = Double.MAX_VALUE;
    private int steps;

    private int rung;
    private int inTime;
    private int settled;
    private double mostTime;
    private double mostCost;
    private int wait = LEAST_WAIT;
    private boolean onProbation;

    /**
     * Creates a governor at the first rung.
     *
     * @param ladder finest first, at least one
     * @param deadlineNanos of a token
     */
    public LinkGovernor(List<CodecLevel> ladder, double deadlineNanos) {
        this.ladder = ladder.toArray(new CodecLevel[0]);
        this.frame = new double[this.ladder.length];
        this.deadline = deadlineNanos;
        Arrays.fill(lateCost, Double.NaN);
        Arrays.fill(ways, Double.MAX_VALUE);
    }

    /** Says how many bytes a token's frame takes at a rung; what is measured later refines it. */
    public void expect(int at, double frameBytes) {
        frame[at] = frameBytes;
    }

    @Override
    public CodecLevel next(int token) {
        return ladder[rung];
    }

    @Override
    public boolean exhausted() {
        return rung == ladder.length - 1;
    }

    @Override
    public void took(long totalNanos, long linkNanos, int frameBytes, long otherBytes) {
        frame[rung] += NEWEST * (frameBytes - frame[rung]);
        other = otherBytes;
        double cost = Math.max(0, linkNanos - floor(linkNanos)) / Math.max(1, frameBytes + otherBytes);
        boolean late = totalNanos > deadline;
        lateCost[steps % RECENT] = late ? cost : Double.NaN;
        steps++;
        if (late) {
            inTime = 0;
            if (countLate() >= ENOUGH_LATE && !exhausted()) {
                down(totalNanos);
            }
        } else {
            inTime++;
            settled++;
            mostTime = inTime == 1 ? totalNanos : Math.max(mostTime, totalNanos);
            mostCost = inTime == 1 ? cost : Math.max(mostCost, cost);
            if (inTime == wait) {
                up(predicted());
            }
            if (rung > 0 && settled >= MOST_WAIT) {
                up(rung - 1);
            }
        }
    }

    private void down(double time) {
        if (onProbation) {
            wait = Math.min(MOST_WAIT, 2 * wait);
            onProbation = false;
        }
        double cost = leastLateCost();
        int to = rung + 1;
        while (to < ladder.length - 1 && !holds(to, time, cost, DOWN)) {
            to++;
        }
        rung = to;
        settled = 0;
    }

    private void up(int to) {
        if (onProbation) {
            wait = LEAST_WAIT;
        }
        onProbation = to < rung;
        inTime = 0;
        if (to < rung) {
            rung = to;
            settled = 0;
            Arrays.fill(lateCost, Double.NaN);
            if (to == 0) {
                Arrays.fill(ways, floor);
            }
        }
    }

    private boolean holds(int to, double time, double cost, double share) {
        double byBytes = (frame[to] + other) * cost;
        double besides = time + (frame[to] - frame[rung]) * cost - byBytes;
        return byBytes <= share * (deadline - besides);
    }

    /** Returns the finest rung that the last tokens would have been in time at. */
    private int predicted() {
        int to = 0;
        while (to < rung && !holds(to, mostTime, mostCost, UP)) {
            to++;
        }
        return to;
    }

    private double floor(long linkNanos) {
        if (rung > 0) {
            floor = Math.min(floor, linkNanos);
            return floor;
        }
        ways[steps % FLOOR_STEPS] = linkNanos;
        floor = Double.MAX_VALUE;
        for (double way : ways) {
            floor = Math.min(floor, way);
        }
        return floor;
    }

    private int countLate() {
        int count = 0;
        for (double cost : lateCost) {
            count += Double.isNaN(cost) ? 0 : 1;
        }
        return count;
    }

    private double leastLateCost() {
        double least = Double.MAX_VALUE;
        for (double cost : lateCost) {
            least = Double.isNaN(cost) ? least : Math.min(least, cost);
        }
        return least;
    }
}
