package dev.cleave.workbench;

import dev.cleave.edge.cli.Context;
import dev.cleave.edge.cli.ModelsCommand;
import dev.cleave.edge.cli.ProfileCommand;
import dev.cleave.edge.cli.Program;
import dev.cleave.edge.cli.RunCommand;
import dev.cleave.workbench.command.CloudCommand;
import dev.cleave.workbench.command.DemoCommand;
import dev.cleave.workbench.command.EvalCommand;
import dev.cleave.workbench.command.PlotPlanCommand;
import dev.cleave.workbench.command.PrepareCommand;
import dev.cleave.workbench.command.TokenizeCommand;
import java.util.List;

/** The developer's program. */
public final class Main {
    static final Program PROGRAM = new Program("cleave", Main.class, Main::commands);

    private Main() {}

    /** Runs the program. */
    public static void main(String[] args) {
        PROGRAM.runAndExit(args);
    }

    private static List<Object> commands(Context context) {
        return List.of(
                new DemoCommand(context),
                new RunCommand(context),
                new CloudCommand(context),
                new PrepareCommand(context),
                new ModelsCommand(context),
                new EvalCommand(context),
                new ProfileCommand(context),
                new TokenizeCommand(context),
                new PlotPlanCommand(context));
    }
}
