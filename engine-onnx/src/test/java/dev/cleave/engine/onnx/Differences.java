package dev.cleave.engine.onnx;

/** How far logits lie from those that are expected. */
final class Differences {
    private Differences() {}

    static double greatest(float[] actual, float[] expected) {
        double greatest = 0;
        for (int i = 0; i < expected.length; i++) {
            greatest = Math.max(greatest, Math.abs(actual[i] - expected[i]));
        }
        return greatest;
    }

    /** Returns the root mean square of the differences, as a share of that of the expected values. */
    static double relative(float[][] actual, float[][] expected) {
        double differences = 0;
        double values = 0;
        for (int row = 0; row < expected.length; row++) {
            for (int i = 0; i < expected[row].length; i++) {
                double difference = actual[row][i] - expected[row][i];
                differences += difference * difference;
                values += (double) expected[row][i] * expected[row][i];
            }
        }
        return Math.sqrt(differences / values);
    }
}
