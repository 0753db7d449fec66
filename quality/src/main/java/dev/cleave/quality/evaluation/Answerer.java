package dev.cleave.quality.evaluation;

import java.util.List;

/** Answers prompts over one codec level, greedily. */
public interface Answerer {
    /** Returns the name of the quality. */
    String link();

    /** Returns the ids of an answer, without the one that ends it. */
    List<Integer> answer(int[] prompt);
}
