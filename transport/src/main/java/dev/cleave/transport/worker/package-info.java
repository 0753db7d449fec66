/**
 * The worker's end: openings, steps in order, each counted once, and presence.
 */
package dev.cleave.transport.worker;
