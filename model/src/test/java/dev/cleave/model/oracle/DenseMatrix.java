package dev.cleave.model.oracle;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A matrix of a bundle as floats, [rows, columns]. */
record DenseMatrix(int rows, int columns, float[] values) {
    /**
     * Reads a matrix by the bundle's documented format.
     *
     * @param columns without the padding of a last block
     */
    static DenseMatrix read(RawTensors file, String name, int rows, int columns, int bits) {
        return bits == 16 ? half(file, name, rows, columns) : groups(file, name, rows, columns, bits);
    }

    private static DenseMatrix half(RawTensors file, String name, int rows, int columns) {
        ByteBuffer bytes = file.bytes(name + ".weight");
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = half(bytes.getShort(2 * i));
        }
        return new DenseMatrix(rows, columns, values);
    }

    private static DenseMatrix groups(RawTensors file, String name, int rows, int columns, int bits) {
        ByteBuffer codes = file.bytes(name + ".weight");
        float[] scales = file.floats(name + ".scales");
        int blocks = file.shape(name + ".weight").get(1).intValue();
        int block = file.shape(name + ".weight").get(2).intValue() * 8 / bits;
        float[] values = new float[rows * columns];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int index = row * blocks * block + column;
                int bit = index * bits;
                int code = (codes.get(bit / 8) & 0xFF) >> bit % 8 & (1 << bits) - 1;
                int middle = 1 << bits - 1;
                values[row * columns + column] = (code - middle) * scales[row * blocks + column / block];
            }
        }
        return new DenseMatrix(rows, columns, values);
    }

    /** Returns the value of an IEEE 754 half: sign, 5 bits of exponent (bias 15), 10 of fraction. */
    private static float half(short bits) {
        int sign = bits < 0 ? -1 : 1;
        int exponent = bits >> 10 & 0x1F;
        int fraction = bits & 0x3FF;
        if (exponent == 0) {
            return sign * fraction * 0x1p-24f;
        }
        return sign * (1 + fraction / 1024f) * (float) Math.pow(2, exponent - 15);
    }

    float[] row(int row) {
        return Arrays.copyOfRange(values, row * columns, (row + 1) * columns);
    }

    /** Returns the product with a vector. */
    float[] times(float[] vector) {
        float[] product = new float[rows];
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (int column = 0; column < columns; column++) {
                sum += (double) values[row * columns + column] * vector[column];
            }
            product[row] = (float) sum;
        }
        return product;
    }
}
