/**
 * How good a divided model still is: perplexity, divergence and exact answers through the real segments and the real codec,
 * every link quality beside the lossless one.
 */
package dev.cleave.edge.evaluation;
