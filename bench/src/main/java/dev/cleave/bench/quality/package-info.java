/**
 * What narrower weights and links lose, and how additive the losses are.
 */
package dev.cleave.bench.quality;
