package dev.cleave.codec.tabq;

/** The outliers of one token, as a decoder reads them: rising indices, and values. */
public final class Outliers {
    private final int width;
    private final int[] indices;
    private final float[] values;
    private int count;

    public Outliers(int width) {
        this.width = width;
        indices = new int[TabHeader.maxOutliers(width)];
        values = new float[TabHeader.maxOutliers(width)];
    }

    public void clear() {
        count = 0;
    }

    public int count() {
        return count;
    }

    /** Returns the greatest number of them. */
    public int most() {
        return indices.length;
    }

    private int before() {
        return count == 0 ? -1 : indices[count - 1];
    }

    /** Returns what is wrong with the next one's index, or null. */
    public String fault(int index) {
        return index > before() && index < width
                ? null
                : "outlier at " + index + " behind one at " + before() + " of " + width + " values";
    }

    /** Takes one whose index has no fault. */
    public void add(int index, float value) {
        indices[count] = index;
        values[count++] = value;
    }

    /** Moves the values that stand at the row's end to the places between the outliers, and puts these in. */
    public void merge(float[] row) {
        int source = count;
        int target = 0;
        for (int i = 0; i < count; i++) {
            int index = indices[i];
            System.arraycopy(row, source, row, target, index - target);
            source += index - target;
            row[index] = values[i];
            target = index + 1;
        }
    }
}
