/**
 * Segments on ONNX Runtime: one session for each layer, weights mapped from the bundle, the KV cache shared in place.
 */
package dev.cleave.engine.onnx;
