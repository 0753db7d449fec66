package dev.cleave.model.checkpoint;

import java.nio.file.Path;

/** A tensor and the file of the checkpoint that holds it. */
record CheckpointTensor(Path file, TensorInfo info) {}
