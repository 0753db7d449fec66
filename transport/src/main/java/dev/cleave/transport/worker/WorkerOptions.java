package dev.cleave.transport.worker;

import dev.cleave.transport.Timeouts;

/**
 * Who a worker is and how much it takes on.
 *
 * @param worker name, [A-Za-z0-9_-]{1,16}
 * @param modelHash 64 hex digits: the bundle that it serves
 * @param maxSessions sessions at once; when full, it leaves the shared subscription
 * @param idleMillis after which an idle session is ended
 * @param timeouts of its connection
 */
public record WorkerOptions(String worker, String modelHash, int maxSessions, int idleMillis, Timeouts timeouts) {}
