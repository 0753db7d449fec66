/**
 * From measured profiles and a budget to a plan. {@code profile} says what machines, links and qualities cost, {@code plan} chooses;
 * both are pure values and functions on the JDK alone. {@code measure} fills profiles on this machine, {@code file} keeps them.
 */
package dev.cleave.optimizer;
