package dev.cleave.cloud.worker;

import java.nio.FloatBuffer;

/** Sees the logits before they are sampled; for tests, which compare them bit for bit. */
interface LogitsTap {
    /** Sees nothing. */
    LogitsTap NONE = (session, position, rows, logits) -> {};

    /**
     * Called after each run that yields logits, on the thread that computes.
     *
     * @param session name, as the device chose it
     * @param position of the first token whose logits these are
     * @param rows of logits
     * @param logits [rows, vocabulary] from index 0; they hold until the call returns
     */
    void logits(String session, int position, int rows, FloatBuffer logits);
}
