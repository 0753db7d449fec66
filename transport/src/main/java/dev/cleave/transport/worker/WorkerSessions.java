package dev.cleave.transport.worker;

import dev.cleave.transport.SessionLimits;
import dev.cleave.transport.SessionRequest;

/** Opens sessions for the transport. Called from several threads. */
public interface WorkerSessions {
    /**
     * Opens a session.
     *
     * @throws SessionRefusal tells the device why not
     */
    Opened open(SessionRequest request);

    /**
     * A session and what it is allowed.
     *
     * @param maxStepBytes greatest frame of a step, in bytes: what the codec makes of {@code maxTokensPerStep} tokens; 0
     *     where the split is 0. More is never gathered, whatever a device announces
     */
    record Opened(WorkerSession session, SessionLimits limits, int maxStepBytes) {}
}
