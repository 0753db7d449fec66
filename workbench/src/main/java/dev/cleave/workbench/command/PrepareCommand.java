package dev.cleave.workbench.command;

import dev.cleave.chat.ModelTemplate;
import dev.cleave.chat.RoleMarkerDerivation;
import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.cli.Context;
import dev.cleave.edge.cli.OutputOptions;
import dev.cleave.edge.cli.WorkBar;
import dev.cleave.edge.process.ParentWatch;
import dev.cleave.edge.report.BundleTable;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.Preparation;
import dev.cleave.model.bundle.PreparationOptions;
import dev.cleave.model.json.JsonWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a bundle of a checkpoint. */
@Command(
        name = "prepare",
        description = "Prepare a checkpoint (a Hugging Face folder) to be run at any split.",
        sortOptions = false)
public final class PrepareCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "CHECKPOINT", description = "Folder with config.json, tokenizer.json and safetensors.")
    private Path checkpoint;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "BUNDLE",
            description = "Folder of the bundle (default: the checkpoint's name in CLEAVE_HOME/models).")
    private Path out;

    @Option(
            names = "--bits",
            paramLabel = "BITS",
            split = ",",
            defaultValue = "2,4,8,16",
            description = "Weight widths to make (default: ${DEFAULT-VALUE}); those that the bundle has already stay.")
    private List<Integer> bits;

    @Option(
            names = "--force",
            description =
                    "Replace a bundle of another model that has the same name, with all that was measured for it; over one"
                            + " of the same model widths are added.")
    private boolean force;

    @Option(
            names = "--calibrate",
            paramLabel = "TEXT",
            arity = "0..1",
            fallbackValue = "",
            description =
                    "Learn tuned codec levels for every split, from a text file in UTF-8; without one, from text that"
                            + " the model writes itself.")
    private String calibrate;

    @Option(
            names = "--calibrate-tokens",
            paramLabel = "N",
            defaultValue = "24576",
            description = "Learn from so many tokens (default: ${DEFAULT-VALUE}).")
    private int calibrateTokens;

    @Option(
            names = "--calibrate-splits",
            paramLabel = "LAYERS",
            split = ",",
            description = "Learn for these splits only.")
    private List<Integer> calibrateSplits = new ArrayList<>();

    @Option(
            names = "--measure-quality",
            description =
                    "Measure what narrower weights and plain links lose, which planning needs; --calibrate does so as"
                            + " well.")
    private boolean measureQuality;

    @Option(names = "--exit-with-parent", hidden = true, description = "End when standard input does.")
    private boolean exitWithParent;

    @Mixin
    private OutputOptions output;

    /** Creates the command. */
    public PrepareCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (exitWithParent) {
            ParentWatch.start(() -> context.interrupts().raise(ExitCode.HUNG_UP));
        }
        checkCalibration();
        Bundle bundle = prepare(target());
        if (calibrate != null) {
            bundle = new Calibrating(context, output).calibrate(bundle, calibrate, calibrateTokens, calibrateSplits);
        } else if (measureQuality) {
            bundle = new Calibrating(context, output).measure(bundle);
        }
        if (output.json) {
            context.out()
                    .print(new String(
                            JsonWriter.pretty(BundleTable.json(bundle)), java.nio.charset.StandardCharsets.UTF_8));
        } else if (!output.quiet) {
            context.err().println("cleave: prepared " + BundleTable.line(bundle));
            context.err().println("cleave: " + ModelTemplate.describe(bundle));
        }
        return ExitCode.OK.number();
    }

    /** Before the work begins. */
    private void checkCalibration() {
        if (calibrateTokens < Calibrating.LEAST_TOKENS) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--calibrate-tokens " + calibrateTokens + ": at least " + Calibrating.LEAST_TOKENS
                            + " are needed to learn anything");
        }
        if (calibrate != null && !calibrate.isEmpty() && !Files.isRegularFile(Path.of(calibrate))) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--calibrate " + calibrate
                            + ": no such file. The checkpoint stands before the option; without a text"
                            + " the model writes its own");
        }
    }

    private Bundle prepare(Path target) {
        try (WorkBar bar = WorkBar.bytes(context.err(), "preparing " + target.getFileName(), output.quiet)) {
            return Preparation.prepare(PreparationOptions.of(checkpoint, target, bits)
                    .withReplaceOther(force)
                    .withRoleMarkers(new RoleMarkerDerivation())
                    .withProgress(bar));
        }
    }

    private Path target() {
        Path name = checkpoint.toAbsolutePath().normalize().getFileName();
        if (out != null) {
            return out;
        }
        if (name == null) {
            throw new CliException(ExitCode.USAGE, "the checkpoint " + checkpoint + " has no name; say --out BUNDLE");
        }
        return context.home().models().resolve(name);
    }
}
