/**
 * A model as the rest of Cleave sees it: its shape, its segments and its chat template. The packages below read checkpoints, prepare bundles, turn text into tokens and sample.
 */
package dev.cleave.model;
