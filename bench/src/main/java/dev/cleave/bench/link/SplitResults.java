package dev.cleave.bench.link;

import dev.cleave.quality.evaluation.AnswerResult;
import dev.cleave.quality.evaluation.TextEvaluation.Steps;
import dev.cleave.quality.evaluation.TextResult;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured at one split.
 *
 * @param model its name
 * @param split layers in front
 * @param whole whether the whole text ran
 * @param texts of each lane, the lossless one first
 * @param gaussian bits a value of the Gaussian reference, by lane
 * @param answers of each lane, or none
 */
record SplitResults(
        String model,
        int split,
        boolean whole,
        Map<Steps, List<TextResult>> texts,
        Map<Steps, Map<String, Double>> gaussian,
        List<AnswerResult> answers) {

    /** Begins the names of the qualities of TS, TAB-Q and the entropy stage. */
    static final String TAB_Q = "tabq-";
    /** Begins the names of the tuned levels. */
    static final String TUNED = "tuned-";

    /** Returns the file of its plot. */
    String plot() {
        return "link-" + model + "-" + split + ".png";
    }

    /** Returns by how much a link raises the perplexity; 0.01 is 1 %. */
    double rise(Steps steps, TextResult of) {
        return of.perplexity() / texts.get(steps).get(0).perplexity() - 1;
    }

    /** Returns the result of the fewest bits among the names that begin so, where the rise is not above {@code rise}. */
    Optional<TextResult> cheapest(Steps steps, String beginning, double rise) {
        return texts.get(steps).stream()
                .filter(each -> each.link().startsWith(beginning) && rise(steps, each) <= rise)
                .min(Comparator.comparingDouble(TextResult::bitsPerValue));
    }
}
