package dev.cleave.model.checkpoint;

import java.util.List;

/**
 * Where a tensor lies in a safetensors file.
 *
 * @param name of the tensor
 * @param type of its values
 * @param shape rows first
 * @param offset of its first byte from the beginning of the file
 * @param bytes size
 */
public record TensorInfo(String name, TensorType type, List<Long> shape, long offset, long bytes) {}
