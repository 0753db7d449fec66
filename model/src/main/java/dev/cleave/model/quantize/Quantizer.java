package dev.cleave.model.quantize;

/**
 * Turns rows of weights into codes and scales. Preparation calls it from several threads at once, each with rows of its
 * own, so an implementation keeps no state that changes.
 */
public interface Quantizer {
    /** Returns the name that stands in {@code bundle.json}. */
    String name();

    /**
     * Quantizes rows.
     *
     * @param rows finite weights
     * @param out receives every block of these rows, from row 0 of {@code out}
     */
    void quantize(RowBlock rows, QuantizedRows out);
}
