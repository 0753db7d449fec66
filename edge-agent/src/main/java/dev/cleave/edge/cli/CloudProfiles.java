package dev.cleave.edge.cli;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.profile.ProfileStore;
import dev.cleave.generation.link.LinkProbe;
import dev.cleave.model.ModelException;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.optimizer.file.ComputeFile;
import dev.cleave.optimizer.file.LinkFile;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.LinkProfile;
import dev.cleave.transport.device.DeviceLink;
import java.time.Duration;
import java.util.Map;

/** What lies beyond this machine: the profiles that workers have published, and the link to them. */
final class CloudProfiles {
    private static final int PAIRS = 24;
    private static final Duration PROBING = Duration.ofSeconds(3);

    private final Context context;
    private final OutputOptions output;
    private final LinkOptions link;

    CloudProfiles(Context context, OutputOptions output, LinkOptions link) {
        this.context = context;
        this.output = output;
        this.link = link;
    }

    /** Fetches a worker's profile, measures the link, and keeps both. */
    LinkProfile measure(Bundle bundle, ProfileStore store) {
        if (bundle.architecture().layers() < 2) {
            throw new CliException(
                    ExitCode.OUT_OF_RANGE,
                    bundle.name() + " has one layer: there is no split whose activations could measure the link");
        }
        ComputeProfile cloud = fetch(bundle);
        String name = link.deviceName(context.home());
        LinkProfile measured;
        try (DeviceLink connection = DeviceLink.connect(link.brokerOptions(), name, link.timeouts())) {
            measured = LinkProbe.measure(connection, name, bundle, PAIRS, PROBING);
        }
        store.write(bundle, ProfileStore.Kind.CLOUD, ComputeFile.write(cloud, Map.of()));
        store.write(bundle, ProfileStore.Kind.LINK, LinkFile.write(measured));
        return measured;
    }

    /**
     * Returns that of the slowest worker: which one a session gets the broker decides.
     *
     * @throws CliException with {@code NO_WORKER} where none comes within {@code --open-timeout}
     */
    ComputeProfile fetch(Bundle bundle) {
        Map<String, byte[]> profiles;
        try (DeviceLink connection =
                DeviceLink.connect(link.brokerOptions(), link.deviceName(context.home()), link.timeouts())) {
            profiles = connection.profiles(bundle.modelHash(), link.openTimeout);
        }
        ComputeProfile slowest = null;
        ModelException problem = null;
        for (Map.Entry<String, byte[]> each : profiles.entrySet()) {
            try {
                String source = "the profile of worker " + each.getKey();
                ComputeProfile profile = ComputeFile.read(each.getValue(), source, bundle);
                output.note(context, "worker " + each.getKey() + " has measured");
                if (slowest == null || millis(profile) > millis(slowest)) {
                    slowest = profile;
                }
            } catch (ModelException e) {
                problem = e;
            }
        }
        if (slowest == null && problem != null) {
            throw problem;
        }
        if (slowest == null) {
            throw new CliException(
                    ExitCode.NO_WORKER,
                    "no worker at " + link.brokerOptions().uri() + " has published a profile of " + bundle.name() + " ("
                            + bundle.modelKey() + ") within " + link.openTimeout.toMillis()
                            + " ms: a worker measures after its start, unless cleave.worker.profile is false; try again, or"
                            + " wait longer with --open-timeout");
        }
        return slowest;
    }

    /** Of a token through all layers, at the first width. */
    private static double millis(ComputeProfile profile) {
        return profile.widths().get(0).layers().stream()
                .mapToDouble(layer -> layer.decode().base())
                .sum();
    }
}
