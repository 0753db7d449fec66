/**
 * How good a divided model still is: perplexity, divergence, exact answers and choices through the real segments and the real codec,
 * every codec level beside the lossless one.
 */
package dev.cleave.quality.evaluation;
