/**
 * OPSC's quantizers: a row of weights to codes and scales, at 2, 4, 8 or 16 bits.
 */
package dev.cleave.model.quantize;
