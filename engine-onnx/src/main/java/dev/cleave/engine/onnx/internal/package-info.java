/**
 * The graphs that ONNX Runtime runs, written from the documented ONNX schema: one for a decoder layer, one for the head.
 */
package dev.cleave.engine.onnx.internal;
