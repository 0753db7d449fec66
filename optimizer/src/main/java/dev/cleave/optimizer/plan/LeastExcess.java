package dev.cleave.optimizer.plan;

/** Where every setting breaks several constraints: finds the one whose worst excess, as a share of its limit, is the least. */
final class LeastExcess implements Grid.Visitor {
    private final Budget budget;
    private final int length;
    private final Slot slot = new Slot();

    LeastExcess(PlanRequest request) {
        budget = request.budget();
        length = request.demand().leastTokens();
    }

    @Override
    public void visit(Cell cell) {
        double excess = Math.max(
                Math.max(cell.memory(length) / budget.memoryBytes(), cell.token(length) / budget.tokenMillis()),
                Math.max(cell.first() / budget.firstTokenMillis(), share(cell.loss, budget.loss())));
        slot.offer(cell, excess, length);
    }

    /** A budget may allow no loss at all. */
    private static double share(double loss, double limit) {
        return loss <= limit ? 0 : loss / limit;
    }

    Slot slot() {
        return slot;
    }
}
