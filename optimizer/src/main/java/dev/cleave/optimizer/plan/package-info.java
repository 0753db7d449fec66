/** From profiles and a budget to a plan: exact over the whole grid of settings, without side effects. */
package dev.cleave.optimizer.plan;
