/**
 * Real brokers for tests, here and in the modules behind: each on a free port of its own.
 */
package dev.cleave.transport.broker;
