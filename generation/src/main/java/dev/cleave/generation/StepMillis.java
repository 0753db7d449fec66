package dev.cleave.generation;

/**
 * Where the time of a decode step goes, in ms. Every part is measured by a clock of its own; what {@code total} has more than
 * their sum is the loop itself.
 *
 * @param edge front segment, and sampling where it happens on the device
 * @param encode codec, device's end
 * @param link from handing the step to the session until its answer came off the socket, without the worker's time
 * @param cloud from the step's arrival at the worker until its answer left
 * @param total from a token to the next one
 */
public record StepMillis(double edge, double encode, double link, double cloud, double total) {}
