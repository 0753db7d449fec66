package dev.cleave.generation;

/** A prompt that leaves no room for an answer. Without a stack trace: it is what somebody asked for. */
public final class PromptTooLongException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int promptTokens;
    private final int maxLength;

    /**
     * Creates an exception.
     *
     * @param promptTokens tokens of the prompt
     * @param maxLength tokens that the context holds, prompt and answer together
     */
    public PromptTooLongException(int promptTokens, int maxLength) {
        super(
                "the prompt has " + promptTokens + " tokens, and the context holds " + maxLength
                        + " for prompt and answer together: shorten it by at least " + (promptTokens - maxLength + 1)
                        + " or begin a new conversation",
                null,
                false,
                false);
        this.promptTokens = promptTokens;
        this.maxLength = maxLength;
    }

    /** Returns the tokens of the prompt. */
    public int promptTokens() {
        return promptTokens;
    }

    /** Returns the tokens that the context holds. */
    public int maxLength() {
        return maxLength;
    }
}
