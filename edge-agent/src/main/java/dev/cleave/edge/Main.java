package dev.cleave.edge;

import dev.cleave.edge.cli.Context;
import dev.cleave.edge.cli.ModelsCommand;
import dev.cleave.edge.cli.PlanCommand;
import dev.cleave.edge.cli.ProfileCommand;
import dev.cleave.edge.cli.Program;
import dev.cleave.edge.cli.RunCommand;
import java.util.List;

/** The program of a board. */
public final class Main {
    private Main() {}

    /** Runs the program. */
    public static void main(String[] args) {
        new Program("cleave-edge", Main.class, Main::commands).runAndExit(args);
    }

    private static List<Object> commands(Context context) {
        return List.of(
                new RunCommand(context),
                new ModelsCommand(context),
                new ProfileCommand(context),
                new PlanCommand(context));
    }
}
