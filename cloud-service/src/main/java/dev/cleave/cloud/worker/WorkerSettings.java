package dev.cleave.cloud.worker;

import java.time.Duration;

/**
 * Who a worker is and how much it takes on.
 *
 * @param name [A-Za-z0-9_-]{1,16}
 * @param maxSessions at once
 * @param kvBytes that all sessions may take together: KV caches, and with them workspaces, logits and steps under way
 * @param maxLength tokens that a session may ask for, prompt and answer together
 * @param threads steps that are computed at the same time
 * @param idle time without a step after which a session ends
 */
public record WorkerSettings(String name, int maxSessions, long kvBytes, int maxLength, int threads, Duration idle) {}
