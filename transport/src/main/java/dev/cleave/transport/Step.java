package dev.cleave.transport;

import java.util.Objects;

/**
 * One step of a session: rows for consecutive positions, and what is asked for. Its arrays stay the caller's, and must not change
 * until the step is answered. The session numbers it.
 *
 * @param position of the first row
 * @param rows tokens in the step, at least 1
 * @param sample which positions are sampled
 * @param content what the rows are
 * @param forced ids in place of sampled ones; null where there are none
 */
public record Step(int position, int rows, StepSample sample, Content content, Forced forced) {
    /** Checks what does not depend on a session. */
    public Step {
        Objects.requireNonNull(sample);
        Objects.requireNonNull(content);
    }

    /** What the rows of a step are: activations of a split, or token ids where the split is 0. */
    public sealed interface Content permits Frame, Ids {}

    /**
     * Activations.
     *
     * @param bytes hold the codec's frame
     * @param offset of its first byte
     * @param length bytes
     */
    public record Frame(byte[] bytes, int offset, int length) implements Content {}

    /**
     * Token ids.
     *
     * @param ids hold one for each row
     * @param from index of the first
     */
    public record Ids(int[] ids, int from) implements Content {}

    /**
     * Ids in place of sampled ones, for the first of the positions that are sampled: shown already, or those of a text that is scored.
     *
     * @param ids hold them
     * @param from index of the first
     * @param count how many, at most as many as are sampled
     * @param scored whether their log-probabilities are asked for
     */
    public record Forced(int[] ids, int from, int count, boolean scored) {}

    /** Returns a step of activations. */
    public static Step frame(int position, int rows, StepSample sample, byte[] bytes, int offset, int length) {
        return new Step(position, rows, sample, new Frame(bytes, offset, length), null);
    }

    /** Returns a step of token ids. */
    public static Step ids(int position, int[] ids, int from, int rows, StepSample sample) {
        return new Step(position, rows, sample, new Ids(ids, from), null);
    }

    /**
     * Returns a step whose every position is followed by a known id, to be told its log-probability. A step of one row samples the
     * last position, as in decoding; one of several, all of them.
     *
     * @param next ids behind the step's tokens; as many as rows, or one less at the end of a text: what is sampled at the last
     *     position then means nothing
     * @param from index of the first
     * @param bytes hold the codec's frame, from index 0
     */
    public static Step scored(int position, int rows, int[] next, int from, byte[] bytes, int length) {
        return new Step(
                position,
                rows,
                rows == 1 ? StepSample.LAST : StepSample.ALL,
                new Frame(bytes, 0, length),
                new Forced(next, from, Math.min(rows, next.length - from), true));
    }

    /** Returns this step with other ids in place of sampled ones. */
    public Step forcing(Forced ids) {
        return new Step(position, rows, sample, content, ids);
    }

    /** Returns the number of positions that are sampled, 0..{@link #rows()}. */
    public int sampled() {
        switch (sample) {
            case NONE:
                return 0;
            case LAST:
                return 1;
            default:
                return rows;
        }
    }

    /** Returns the number of forced ids. */
    public int forcedCount() {
        return forced == null ? 0 : forced.count();
    }

    /** Returns one of the forced ids. */
    public int forcedId(int index) {
        return forced.ids()[forced.from() + index];
    }

    /** Returns whether the log-probabilities of the forced ids are asked for. */
    public boolean scored() {
        return forced != null && forced.scored();
    }
}
