package dev.cleave.optimizer.plan;

/** Leads a candidate over the grid of settings. */
final class Grid {
    private Grid() {}

    /** Is shown every setting. */
    @FunctionalInterface
    interface Visitor {
        /** Looks at a setting. */
        void visit(CandidateCost candidate);
    }

    static void visit(PlanRequest request, CandidateCost candidate, Visitor visitor) {
        int layers = request.device().layers();
        for (int split = 0; split <= layers; split++) {
            if (Choices.allows(request.choices().splits(), split)) {
                candidate.split = split;
                visitSplit(candidate, visitor);
            }
        }
    }

    private static void visitSplit(CandidateCost candidate, Visitor visitor) {
        for (int front = 0; front < candidate.frontChoices(); front++) {
            for (int back = 0; back < candidate.backChoices(); back++) {
                candidate.enterWidths(front, back);
                for (int kv = 0; kv < candidate.kvChoices(); kv++) {
                    candidate.enterKv(kv);
                    visitLinks(candidate, visitor);
                }
            }
        }
    }

    private static void visitLinks(CandidateCost candidate, Visitor visitor) {
        for (int decode = 0; decode < candidate.decodeChoices(); decode++) {
            candidate.enterDecode(decode);
            for (int prompt = 0; prompt < candidate.promptChoices(); prompt++) {
                candidate.enterPrompt(prompt);
                visitor.visit(candidate);
            }
        }
    }
}
