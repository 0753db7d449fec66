package dev.cleave.model;

/**
 * The shape of a decoder-only model of the Llama family, as its {@code config.json} states it.
 *
 * @param family {@code llama}, {@code mistral} or {@code qwen2}
 * @param layers number of decoder layers L
 * @param hidden width d of an activation
 * @param heads number of query heads
 * @param kvHeads number of key and value heads
 * @param headSize width of one head
 * @param feedForward inner width of the SwiGLU block
 * @param vocabulary number of token ids V
 * @param context greatest number of tokens that the model was made for
 * @param normEpsilon epsilon of the RMS norms
 * @param rope rotary embedding
 * @param qkvBias whether query, key and value projections have a bias
 * @param tied whether the head shares the embedding's weights
 */
public record Architecture(
        String family,
        int layers,
        int hidden,
        int heads,
        int kvHeads,
        int headSize,
        int feedForward,
        int vocabulary,
        int context,
        float normEpsilon,
        Rope rope,
        boolean qkvBias,
        boolean tied) {

    /** Returns the rows of the packed query, key and value projection: (heads + 2 · kvHeads) · headSize. */
    public int qkvRows() {
        return (heads + 2 * kvHeads) * headSize;
    }

    /** Returns the columns of the output projection: heads · headSize. */
    public int attentionWidth() {
        return heads * headSize;
    }
}
