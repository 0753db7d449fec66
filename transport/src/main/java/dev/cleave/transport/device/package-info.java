/**
 * The device's end of a session: opening, steps, close and cancel.
 */
package dev.cleave.transport.device;
