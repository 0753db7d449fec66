package dev.cleave.transport;

/**
 * What a worker allows a session.
 *
 * @param maxLength tokens
 * @param maxTokensPerStep tokens in one step
 * @param maxPayload bytes of one chunk
 * @param window steps that may be under way, 1..8
 * @param idleMillis after which the worker ends an idle session
 */
public record SessionLimits(int maxLength, int maxTokensPerStep, int maxPayload, int window, int idleMillis) {}
