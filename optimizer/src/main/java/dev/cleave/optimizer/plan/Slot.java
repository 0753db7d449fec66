package dev.cleave.optimizer.plan;

/** The best setting of some kind so far. What is equal in cost is told apart, so that the answer does not depend on chance. */
final class Slot implements Comparable<Slot> {
    private boolean filled;
    private double cost;
    private double expectedMillis;
    private double loss;
    private double bytes;
    private long memory;
    private int length;
    private int split;
    private int front;
    private int back;
    private int kv;
    private int decode;
    private int promptLink;

    boolean filled() {
        return filled;
    }

    double cost() {
        return cost;
    }

    /** Takes the candidate where it is better. */
    void offer(CandidateCost candidate, double newCost, int newLength) {
        long newMemory = candidate.memory(newLength);
        if (filled
                && compare(newCost, candidate.expectedMillis, candidate.loss, candidate.bytesPerToken, newMemory)
                        <= 0) {
            return;
        }
        filled = true;
        cost = newCost;
        expectedMillis = candidate.expectedMillis;
        loss = candidate.loss;
        bytes = candidate.bytesPerToken;
        memory = newMemory;
        length = newLength;
        split = candidate.split;
        front = candidate.front;
        back = candidate.back;
        kv = candidate.kv;
        decode = candidate.decode;
        promptLink = candidate.promptLink;
    }

    /** Compares this filled slot with another: the better one is the less. */
    @Override
    public int compareTo(Slot other) {
        return compare(other.cost, other.expectedMillis, other.loss, other.bytes, other.memory);
    }

    private int compare(double otherCost, double otherMillis, double otherLoss, double otherBytes, long otherMemory) {
        int order = Double.compare(cost, otherCost);
        order = order != 0 ? order : Double.compare(expectedMillis, otherMillis);
        order = order != 0 ? order : Double.compare(loss, otherLoss);
        order = order != 0 ? order : Double.compare(bytes, otherBytes);
        return order != 0 ? order : Long.compare(memory, otherMemory);
    }

    /** Returns the plan, by a candidate that may stand anywhere. */
    Plan plan(CandidateCost candidate) {
        candidate.split = split;
        candidate.enterWidths(front, back);
        candidate.enterKv(kv);
        candidate.enterDecode(decode);
        candidate.enterPrompt(promptLink);
        return candidate.plan(length);
    }
}
