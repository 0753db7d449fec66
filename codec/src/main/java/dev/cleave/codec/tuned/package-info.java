/** Codec levels tuned to a model: the calibration of a split, prediction of a token, decorrelation. Calibrations are public, coders internal. */
package dev.cleave.codec.tuned;
