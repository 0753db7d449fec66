/**
 * Activations to bytes and back: codec levels by name, and the encoder and decoder of each. Knows neither model nor broker.
 */
package dev.cleave.codec;
