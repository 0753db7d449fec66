package dev.cleave.quality.evaluation;

import dev.cleave.model.Output;
import dev.cleave.model.sampling.Sampler;
import dev.cleave.model.sampling.SamplingOptions;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Answers over a branch: both segments are in this process. */
final class BranchAnswers implements Answerer {
    private final SplitModel model;
    private final Branch branch;
    private final int maxTokens;
    private final Sampler greedy;

    private BranchAnswers(SplitModel model, Branch branch, int maxTokens) {
        this.model = model;
        this.branch = branch;
        this.maxTokens = maxTokens;
        greedy = new Sampler(model.bundle().architecture().vocabulary(), SamplingOptions.GREEDY);
    }

    static List<BranchAnswers> of(SplitModel model, int maxTokens) {
        return model.branches().stream()
                .map(branch -> new BranchAnswers(model, branch, maxTokens))
                .toList();
    }

    @Override
    public String link() {
        return branch.coding().name();
    }

    @Override
    public List<Integer> answer(int[] prompt) {
        List<Integer> stops = model.bundle().stopIds();
        int room = model.bundle().architecture().context() - prompt.length;
        FloatBuffer logits = null;
        for (int from = 0; from < prompt.length; from += model.chunk()) {
            int count = Math.min(model.chunk(), prompt.length - from);
            boolean last = from + count == prompt.length;
            logits = branch.run(model.hidden(prompt, from, count, from), count, from, last ? Output.LAST : Output.NONE);
        }
        List<Integer> ids = new ArrayList<>();
        int[] next = new int[1];
        while (true) {
            next[0] = greedy.sample(logits, 0, prompt.length + ids.size());
            if (stops.contains(next[0])) {
                return ids;
            }
            ids.add(next[0]);
            if (ids.size() >= Math.min(maxTokens, room)) {
                return ids;
            }
            int position = prompt.length + ids.size() - 1;
            int before = ids.size() > 1 ? ids.get(ids.size() - 2) : -1;
            logits = branch.runKnown(model.hidden(next, 0, 1, position), next[0], before, position, Output.LAST);
        }
    }
}
