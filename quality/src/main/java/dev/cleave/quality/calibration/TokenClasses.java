package dev.cleave.quality.calibration;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which ids have a row of their own in a calibration's tables: all, where they fit into the memory that tables may take;
 * otherwise the most frequent ones of the text, and the others share the last row.
 *
 * @param ids that have a row, by row
 * @param classOf [vocabulary], the row of each id
 * @param rows with the shared one
 */
record TokenClasses(int[] ids, char[] classOf, int rows) {
    private static final int MAX_ROWS = 1 << 16;

    /**
     * Chooses.
     *
     * @param width d; a row takes 2 d bytes
     * @param bytes that the tables may take
     */
    static TokenClasses choose(List<int[]> windows, int vocabulary, int width, long bytes) {
        int most = (int) Math.max(1, Math.min(MAX_ROWS, bytes / (2L * width)));
        if (vocabulary <= most) {
            char[] each = new char[vocabulary];
            for (int id = 0; id < vocabulary; id++) {
                each[id] = (char) id;
            }
            return new TokenClasses(IntStream.range(0, vocabulary).toArray(), each, vocabulary);
        }
        long[] uses = new long[vocabulary];
        windows.forEach(window -> IntStream.of(window).forEach(id -> uses[id]++));
        int[] chosen = IntStream.range(0, vocabulary)
                .boxed()
                .sorted(Comparator.comparingLong((Integer id) -> -uses[id]).thenComparing(id -> id))
                .limit(most - 1L)
                .mapToInt(Integer::intValue)
                .toArray();
        char[] classOf = new char[vocabulary];
        java.util.Arrays.fill(classOf, (char) chosen.length);
        for (int row = 0; row < chosen.length; row++) {
            classOf[chosen[row]] = (char) row;
        }
        return new TokenClasses(chosen, classOf, chosen.length + 1);
    }
}
