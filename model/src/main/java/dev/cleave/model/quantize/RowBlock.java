package dev.cleave.model.quantize;

/**
 * Consecutive rows of one matrix of a model.
 *
 * @param matrix name within the bundle, such as {@code layer-003.qkv}
 * @param firstRow index of the first row within the matrix
 * @param rows how many
 * @param columns weights of a row
 * @param values weights, row by row, [rows, columns]; the array may be longer
 */
public record RowBlock(String matrix, int firstRow, int rows, int columns, float[] values) {}
