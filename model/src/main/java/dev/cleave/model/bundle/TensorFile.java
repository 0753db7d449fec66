package dev.cleave.model.bundle;

import dev.cleave.model.checkpoint.TensorInfo;
import java.nio.file.Path;
import java.util.Map;

/**
 * The checked header of one safetensors file of a bundle.
 *
 * @param path the file
 * @param tensors by name, in the order of their offsets
 */
public record TensorFile(Path path, Map<String, TensorInfo> tensors) {}
