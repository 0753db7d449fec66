package dev.cleave.generation;

/** Why a text ended. */
public enum FinishReason {
    /** The model ended it. */
    STOP,
    /** It reached the tokens that were asked for, or the context is full. */
    LENGTH,
    /** Somebody cancelled it. */
    CANCELLED,
    /** Worker, broker or engine failed; what was shown until then is kept. */
    ERROR;

    /** Returns the name as users read it: lower case. */
    public String label() {
        switch (this) {
            case STOP:
                return "stop";
            case LENGTH:
                return "length";
            case CANCELLED:
                return "cancelled";
            default:
                return "error";
        }
    }
}
