package dev.cleave.generation.backend;

import java.util.Arrays;

/**
 * What a session holds, on the device's side: the text's tokens, prompt and shown ones, how many of them the KV caches of both
 * sides hold, and which opening of the session it is. The one owner of all that: loop and connection keep nothing of it
 * themselves. Made once for the greatest length; nothing of it allocates. For one thread.
 */
public final class SessionState {
    private final int[] tokens;
    private int promptTokens;
    private int length;
    private int held;
    private int epoch;

    /**
     * Creates the state of a session that holds nothing yet.
     *
     * @param maxLength tokens of prompt and answer together, at least 1
     */
    public SessionState(int maxLength) {
        tokens = new int[maxLength];
    }

    /**
     * Begins a text: nothing of it is shown yet.
     *
     * @param prompt ids, 1..maxLength of them
     * @return how many tokens the KV caches hold of it, at most all but the last: that one always runs, as its logits are not kept
     */
    public int begin(int[] prompt) {
        int common = 0;
        int most = Math.min(held, prompt.length - 1);
        while (common < most && tokens[common] == prompt[common]) {
            common++;
        }
        System.arraycopy(prompt, 0, tokens, 0, prompt.length);
        promptTokens = prompt.length;
        length = prompt.length;
        held = common;
        return common;
    }

    /** Takes it that the KV caches hold the first tokens only, 0..{@link #length()}: 0 after a session was lost. */
    public void keep(int count) {
        if (count < 0 || count > length) {
            throw new IllegalArgumentException("held=" + count + ", expected 0.." + length);
        }
        held = count;
    }

    /** Counts tokens that a step has brought into the KV caches. */
    public void computed(int count) {
        keep(held + count);
    }

    /** Takes a token that was sampled; from now on it is part of the text. */
    public void sampled(int id) {
        tokens[length++] = id;
    }

    /** Returns the tokens of the text: prompt, then sampled ones. The first {@link #length()} count; not to be changed. */
    public int[] tokens() {
        return tokens;
    }

    /** Returns how many tokens the text has. */
    public int length() {
        return length;
    }

    /** Returns how many tokens were sampled. */
    public int sampledTokens() {
        return length - promptTokens;
    }

    /** Returns the ids that were sampled. */
    public int[] sampledIds() {
        return Arrays.copyOfRange(tokens, promptTokens, length);
    }

    /** Returns how many tokens the KV caches hold. */
    public int held() {
        return held;
    }

    /** Begins an opening, and returns its epoch: each attempt has a higher one, the first 1. */
    int nextEpoch() {
        return ++epoch;
    }
}
