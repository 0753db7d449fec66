package dev.cleave.workbench.command;

import dev.cleave.edge.cli.Context;
import dev.cleave.edge.cli.PlanCommand;
import dev.cleave.optimizer.plan.Plan;
import dev.cleave.optimizer.plan.PlanRequest;
import dev.cleave.workbench.plot.PlanPlots;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Plans, shows the plan, and draws it. */
public final class PlotPlanCommand extends PlanCommand {
    @Option(
            names = "--plot",
            paramLabel = "DIR",
            description =
                    "Draw memory and time against the split, the Pareto front, and which plan wins on which link.")
    private Path plot;

    /** Creates the command. */
    public PlotPlanCommand(Context context) {
        super(context);
    }

    @Override
    protected boolean frontWanted() {
        return plot != null || super.frontWanted();
    }

    @Override
    protected void planned(PlanRequest request, List<Plan> front) {
        if (plot != null) {
            for (Path file : PlanPlots.draw(request, front, plot)) {
                note("drew " + file);
            }
        }
    }
}
