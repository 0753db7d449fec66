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
    public void visit(CandidateCost candidate) {
        double excess = Math.max(
                Math.max(
                        candidate.memory(length) / budget.memoryBytes(),
                        candidate.token(length) / budget.tokenMillis()),
                Math.max(candidate.first() / budget.firstTokenMillis(), share(candidate.loss, budget.loss())));
        slot.offer(candidate, excess, length);
    }

    /** A budget may allow no loss at all. */
    private static double share(double loss, double limit) {
        return loss <= limit ? 0 : loss / limit;
    }

    Slot slot() {
        return slot;
    }
}
