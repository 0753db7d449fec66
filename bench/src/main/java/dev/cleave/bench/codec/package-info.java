/**
 * How fast activations become frames and frames activations, beside a copy of the same bytes and a general compressor.
 */
package dev.cleave.bench.codec;
