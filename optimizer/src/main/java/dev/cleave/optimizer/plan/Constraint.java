package dev.cleave.optimizer.plan;

/** What a budget limits. */
public enum Constraint {
    /** Bytes of the device's process. */
    MEMORY,
    /** Ms to the first token. */
    FIRST_TOKEN,
    /** Ms a token. */
    TOKEN,
    /** Nats a token. */
    LOSS;

    /** Returns the name as users read it. */
    public String label() {
        switch (this) {
            case MEMORY:
                return "memory";
            case FIRST_TOKEN:
                return "first token";
            case TOKEN:
                return "time a token";
            default:
                return "quality";
        }
    }
}
