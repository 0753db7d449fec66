package dev.cleave.optimizer.plan;

/** Leads a cell over the grid of settings. */
final class Grid {
    private Grid() {}

    /** Is shown every setting. */
    @FunctionalInterface
    interface Visitor {
        /** Looks at a setting. */
        void visit(Cell cell);
    }

    static void visit(PlanRequest request, Cell cell, Visitor visitor) {
        int layers = request.device().layers();
        for (int split = 0; split <= layers; split++) {
            if (Choices.allows(request.choices().splits(), split)) {
                cell.split = split;
                visitSplit(cell, visitor);
            }
        }
    }

    private static void visitSplit(Cell cell, Visitor visitor) {
        for (int front = 0; front < cell.frontChoices(); front++) {
            for (int back = 0; back < cell.backChoices(); back++) {
                cell.enterWidths(front, back);
                for (int kv = 0; kv < cell.kvChoices(); kv++) {
                    cell.enterKv(kv);
                    visitLinks(cell, visitor);
                }
            }
        }
    }

    private static void visitLinks(Cell cell, Visitor visitor) {
        for (int decode = 0; decode < cell.decodeChoices(); decode++) {
            cell.enterDecode(decode);
            for (int prompt = 0; prompt < cell.promptChoices(); prompt++) {
                cell.enterPrompt(prompt);
                visitor.visit(cell);
            }
        }
    }
}
