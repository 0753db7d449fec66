package dev.cleave.optimizer.plan;

/**
 * Keeps, of all settings: the best that keeps the budget, for each split; the best that breaks one constraint alone, for each; of
 * those the one that breaks it least; and where all break several, the one whose worst excess is the least.
 */
final class Search implements Grid.Visitor {
    private static final Constraint[] CONSTRAINTS = Constraint.values();

    private final Objective objective;
    private final Budget budget;
    private final double[] limits = new double[CONSTRAINTS.length];
    private final double[] values = new double[CONSTRAINTS.length];
    private final int least;
    private final int most;
    private final Slot[] bySplit;
    private final Slot[] without = slots(CONSTRAINTS.length);
    private final Slot[] nearest = slots(CONSTRAINTS.length);
    private final Slot together = new Slot();
    private boolean any;

    Search(PlanRequest request, Cell cell) {
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
    public boolean enter(Cell cell) {
        return true;
    }

    @Override
    public void visit(Cell cell) {
        any = true;
        values[Constraint.MEMORY.ordinal()] = cell.memory(least);
        values[Constraint.FIRST_TOKEN.ordinal()] = cell.first();
        values[Constraint.TOKEN.ordinal()] = cell.token(least);
        values[Constraint.LOSS.ordinal()] = cell.loss;
        int broken = 0;
        int last = -1;
        double excess = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] > limits[i]) {
                broken++;
                last = i;
                excess = Math.max(excess, values[i] / limits[i]);
            }
        }
        if (broken == 0) {
            offer(bySplit[cell.split], cell, budget.memoryBytes(), budget.tokenMillis());
            if (objective.perTokenOfLength() > 0) {
                offer(without[Constraint.MEMORY.ordinal()], cell, Budget.UNLIMITED, budget.tokenMillis());
                offer(without[Constraint.TOKEN.ordinal()], cell, budget.memoryBytes(), Budget.UNLIMITED);
            }
        } else if (broken == 1) {
            double memory = last == Constraint.MEMORY.ordinal() ? Budget.UNLIMITED : budget.memoryBytes();
            double token = last == Constraint.TOKEN.ordinal() ? Budget.UNLIMITED : budget.tokenMillis();
            offer(without[last], cell, memory, token);
            nearest[last].offer(cell, values[last], least);
        } else {
            together.offer(cell, excess, least);
        }
    }

    /** Offers the cell at the length that is best for it under these limits, which it keeps at the least length. */
    private void offer(Slot slot, Cell cell, double memory, double token) {
        double rest = objective.cost(cell.expectedMillis, cell.loss, cell.bytesPerToken, cell.cloudMillisPerToken, 0);
        double reward = objective.perTokenOfLength();
        if (reward == 0) {
            slot.offer(cell, rest, least);
            return;
        }
        int needed = least;
        if (slot.filled()) {
            // Shorter than that it cannot be the best.
            double lengths = (rest - slot.cost()) / reward;
            needed = (int) Math.max(least, Math.min(most + 1.0, Math.ceil(lengths - 1e-9)));
        }
        if (needed > most || !keeps(cell, needed, memory, token)) {
            return;
        }
        int low = needed;
        int high = most;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (keeps(cell, middle, memory, token)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        slot.offer(cell, rest - reward * low, low);
    }

    private static boolean keeps(Cell cell, int length, double memory, double token) {
        return cell.memory(length) <= memory && cell.token(length) <= token;
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

    Slot together() {
        return together;
    }
}
