package dev.cleave.quality.evaluation;

import java.util.List;

/**
 * A question whose answers are weighed by their probabilities.
 *
 * @param source file and line, for messages
 * @param kind what is asked
 * @param contexts what the model reads, one for each answer
 * @param continuations what is weighed, one for each answer, with the space in front that parts it from its context
 * @param gold index of the right answer; 0 where there is only one
 */
record ChoiceItem(String source, Kind kind, List<String> contexts, List<String> continuations, int gold) {
    /** The kinds of files. */
    enum Kind {
        /** {@code {context, continuation}}: is the continuation the likeliest, token for token? As LAMBADA. */
        CONTINUATION,
        /** {@code {query, choices, gold}}: which choice is the likeliest behind the query? As PIQA, ARC, HellaSwag, BoolQ. */
        CHOICES,
        /** {@code {context_options, continuation, gold}}: behind which context is the continuation likeliest? WinoGrande. */
        CONTEXTS
    }

    /** Returns the characters of an answer, by which its log-probability is divided. */
    int length(int answer) {
        String text = continuations.get(answer).strip();
        return text.codePointCount(0, text.length());
    }
}
