package dev.cleave.edge.cli;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.profile.DeviceMeasurement;
import dev.cleave.edge.profile.LinkText;
import dev.cleave.edge.profile.ProfileStore;
import dev.cleave.edge.profile.ProfileText;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.Mode;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.optimizer.file.ComputeFile;
import dev.cleave.optimizer.file.ProfileFiles;
import dev.cleave.optimizer.measure.Effort;
import dev.cleave.optimizer.measure.Measured;
import dev.cleave.optimizer.measure.ThisMachine;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.LinkProfile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures what a bundle costs: on this machine, and with a broker what its worker has measured. */
@Command(
        name = "profile",
        description = {
            "Measure what a prepared model costs on this machine: bytes and milliseconds of its layers, and of the codec.",
            "With --broker also fetch what a worker has measured on its own, and measure the link to it."
        },
        sortOptions = false)
public final class ProfileCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(
            paramLabel = "MODEL",
            arity = "0..1",
            defaultValue = "hearth-5m",
            description = "Name of a prepared model, or the folder of one (default: ${DEFAULT-VALUE}).")
    private String model;

    @Option(
            names = "--bits",
            paramLabel = "BITS",
            split = ",",
            description = "Weight widths to measure (default: all that the model has).")
    private List<Integer> bits = new ArrayList<>();

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "fast",
            converter = Converters.ModeName.class,
            completionCandidates = Converters.ModeNames.class,
            description = "How segments compute: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Mode mode;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that compute (default: as many as there are processors).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--quick", description = "Fewer repetitions, and at most 256 positions.")
    private boolean quick;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Write this machine's profile to FILE (default: CLEAVE_HOME/profiles).")
    private Path out;

    @Option(names = "--no-device", description = "Do not measure this machine; only what --broker leads to.")
    private boolean noDevice;

    @Mixin
    private LinkOptions link;

    @Mixin
    private OutputOptions output;

    /** Creates the command. */
    public ProfileCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (noDevice && !link.brokerNamed()) {
            throw new CliException(ExitCode.USAGE, "--no-device leaves nothing to do without --broker");
        }
        ModelOptions.checkedThreads(threads);
        Bundle bundle = Models.open(context.home(), model);
        ProfileStore store = new ProfileStore(context.home());
        byte[] printed = {};
        if (!noDevice) {
            Measured measured = measure(bundle);
            printed = ComputeFile.write(measured.profile(), measured.spread());
            keep(store, bundle, printed);
            table(measured.profile(), bundle);
        }
        if (link.brokerNamed()) {
            LinkProfile measured = new CloudProfiles(context, output, link).measure(bundle, store);
            ComputeProfile cloud = store.compute(bundle, ProfileStore.Kind.CLOUD);
            output.note(
                    context,
                    "wrote " + store.path(bundle, ProfileStore.Kind.CLOUD) + " and "
                            + store.path(bundle, ProfileStore.Kind.LINK));
            printed = noDevice ? ComputeFile.write(cloud, Map.of()) : printed;
            table(cloud, bundle);
            if (!output.json && !output.quiet) {
                context.out().println();
                LinkText.of(measured).forEach(context.out()::println);
            }
        }
        if (output.json) {
            context.out().print(new String(printed, StandardCharsets.UTF_8));
        }
        return ExitCode.OK.number();
    }

    private void keep(ProfileStore store, Bundle bundle, byte[] file) {
        if (out == null) {
            output.note(context, "wrote " + store.write(bundle, ProfileStore.Kind.DEVICE, file));
        } else {
            ProfileFiles.write(out, file);
            output.note(context, "wrote " + out);
        }
    }

    private Measured measure(Bundle bundle) throws InterruptedException {
        List<Integer> widths = bits.isEmpty() ? bundle.widths() : new ArrayList<>(new TreeSet<>(bits));
        if (!bundle.widths().containsAll(widths)) {
            throw new CliException(
                    ExitCode.OUT_OF_RANGE, "--bits " + widths + ": " + bundle.name() + " has " + bundle.widths());
        }
        bundle.verify();
        EngineOptions options = EngineOptions.DEFAULT.withThreads(threads);
        try (SegmentEngine engine = EngineProvider.find().create(options);
                WorkBar bar = WorkBar.count(context.err(), "measuring " + bundle.name(), "parts", output.quiet)) {
            return DeviceMeasurement.of(
                    engine,
                    bundle,
                    widths,
                    mode,
                    quick ? Effort.QUICK : Effort.USUAL,
                    ThisMachine.provenance(bundle, ProfileCommand.class, engine.version(), threads),
                    bar::advanced);
        }
    }

    private void table(ComputeProfile profile, Bundle bundle) {
        if (!output.json && !output.quiet) {
            ProfileText.of(profile, bundle.architecture().context()).forEach(context.out()::println);
        }
    }
}
