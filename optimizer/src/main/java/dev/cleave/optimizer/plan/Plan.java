package dev.cleave.optimizer.plan;

/**
 * A setting, what it is to need, and what the objective makes of it.
 *
 * @param cost the smaller, the better
 */
public record Plan(Setting setting, Forecast forecast, double cost) {}
