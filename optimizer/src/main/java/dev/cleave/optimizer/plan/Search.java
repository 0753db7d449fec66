package dev.cleave.optimizer.plan;

/**
 * Keeps, of all settings: the best that keeps the budget, for each split; the best that breaks one constraint alone, for each;
 * and of those the one that breaks it least.
 */
final class Search implements Grid.Visitor {
    private static final Constraint[] CONSTRAINTS = Constraint.values();

    private final Objective objective;
    private final Budget budget;
    private final double[] limits = new double[CONSTRAINTS.length];
    private final int least;
    private final int most;
    private final Slot[] bySplit;
    private final Slot[] without = slots(CONSTRAINTS.length);
    private final Slot[] nearest = slots(CONSTRAINTS.length);
    private boolean any;

    /** The constraint that was found broken last, and what it was found at. */
    private int last;

    private double lastValue;

    Search(PlanRequest request) {
        objective = request.objective();
        budget = request.budget();
        for (Constraint constraint : CONSTRAINTS) {
            limits[constraint.ordinal()] = budget.limit(constraint);
        }
        least = request.demand().leastTokens();
        most = Math.min(request.demand().mostTokens(), request.device().memory().context());
        bySplit = slots(request.device().layers() + 1);
    }

    private static Slot[] slots(int count) {
        Slot[] slots = new Slot[count];
        for (int i = 0; i < count; i++) {
            slots[i] = new Slot();
        }
        return slots;
    }

    @Override
    public void visit(CandidateCost candidate) {
        any = true;
        // The dear one last, and only where it can matter.
        int broken = broken(Constraint.MEMORY, candidate.memory(least))
                + broken(Constraint.TOKEN, candidate.token(least))
                + broken(Constraint.LOSS, candidate.loss);
        if (broken < 2 && budget.firstTokenMillis() < Budget.UNLIMITED) {
            broken += broken(Constraint.FIRST_TOKEN, candidate.first());
        }
        if (broken == 0) {
            offer(bySplit[candidate.split], candidate, budget.memoryBytes(), budget.tokenMillis());
            if (objective.perTokenOfLength() > 0 && budget.memoryBytes() < Budget.UNLIMITED) {
                offer(without[Constraint.MEMORY.ordinal()], candidate, Budget.UNLIMITED, budget.tokenMillis());
            }
            if (objective.perTokenOfLength() > 0 && budget.tokenMillis() < Budget.UNLIMITED) {
                offer(without[Constraint.TOKEN.ordinal()], candidate, budget.memoryBytes(), Budget.UNLIMITED);
            }
        } else if (broken == 1) {
            double memory = last == Constraint.MEMORY.ordinal() ? Budget.UNLIMITED : budget.memoryBytes();
            double token = last == Constraint.TOKEN.ordinal() ? Budget.UNLIMITED : budget.tokenMillis();
            offer(without[last], candidate, memory, token);
            nearest[last].offer(candidate, lastValue, least);
        }
    }

    private int broken(Constraint constraint, double value) {
        if (value <= limits[constraint.ordinal()]) {
            return 0;
        }
        last = constraint.ordinal();
        lastValue = value;
        return 1;
    }

    /** Offers the candidate at the length that is best for it under these limits, which it keeps at the least length. */
    private void offer(Slot slot, CandidateCost candidate, double memory, double token) {
        double rest = objective.cost(
                candidate.expectedMillis, candidate.loss, candidate.bytesPerToken, candidate.cloudMillisPerToken, 0);
        double reward = objective.perTokenOfLength();
        if (reward == 0) {
            slot.offer(candidate, rest, least);
            return;
        }
        int needed = least;
        if (slot.filled()) {
            // Shorter than that it cannot be the best.
            double lengths = (rest - slot.cost()) / reward;
            needed = (int) Math.max(least, Math.min(most + 1.0, Math.ceil(lengths - 1e-9)));
        }
        if (needed > most || !keeps(candidate, needed, memory, token)) {
            return;
        }
        int low = needed;
        int high = most;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (keeps(candidate, middle, memory, token)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        slot.offer(candidate, rest - reward * low, low);
    }

    private static boolean keeps(CandidateCost candidate, int length, double memory, double token) {
        return candidate.memory(length) <= memory && candidate.token(length) <= token;
    }

    boolean any() {
        return any;
    }

    Slot[] bySplit() {
        return bySplit;
    }

    Slot without(Constraint constraint) {
        return without[constraint.ordinal()];
    }

    Slot nearest(Constraint constraint) {
        return nearest[constraint.ordinal()];
    }
}
