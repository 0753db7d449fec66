package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.edge.ExitCode;
import dev.cleave.edge.config.CleaveHome;
import dev.cleave.edge.profile.ProfileStore;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.optimizer.file.ComputeFile;
import dev.cleave.optimizer.profile.ComputeProfile;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker's profile, from its start to a device's file. */
@Timeout(300)
class ProfileIT {
    @TempDir
    static Path home;

    private final Commands commands = new Commands(home);

    @BeforeAll
    static void prepare() {
        Commands.prepareHearth(home, "--bits=4,8");
    }

    @Test
    void whatTheWorkerMeasuresComesOverHttpAndOverTheBroker() {
        Bundle bundle = Bundle.open(home.resolve("models/hearth-5m"));
        ProfileStore store = new ProfileStore(CleaveHome.of(Map.of("CLEAVE_HOME", home.toString())));
        Path file = home.resolve("worker.json");
        try (Cloud cloud = Cloud.start(home, Map.of(), "-Dcleave.worker.profile-file=" + file)) {
            HttpResponse<String> answer = cloud.get("/api/profile");
            for (int i = 0; i < 600 && answer.statusCode() == 503; i++) {
                assertThat(answer.headers().firstValueAsLong("Retry-After")).isPresent();
                Program.sleep(100);
                answer = cloud.get("/api/profile");
            }
            assertThat(answer.statusCode()).isEqualTo(200);
            ComputeProfile profile = ComputeFile.read(answer.body().getBytes(StandardCharsets.UTF_8), "HTTP");
            assertThat(file).isRegularFile();

            assertThat(commands.run("profile", "hearth-5m", "--no-device", cloud.broker(), "--open-timeout=60s"))
                    .as(commands.err())
                    .isZero();
            assertThat(commands.out()).contains("µs a token", "round trip", "Mbit/s");
            assertThat(store.link(bundle).samples())
                    .hasSizeBetween(3, 24)
                    .allSatisfy(sample -> assertThat(sample.bytesPerMilli()).isPositive());
            assertThat(store.compute(bundle, ProfileStore.Kind.CLOUD)).isEqualTo(profile);
            assertThat(store.path(bundle, ProfileStore.Kind.DEVICE)).doesNotExist();
        }
    }

    @Test
    void aWorkerThatDoesNotMeasureSaysSo() {
        try (Cloud cloud = Cloud.start(home, Map.of())) {
            assertThat(cloud.get("/api/profile").statusCode()).isEqualTo(404);
            assertThat(commands.run("profile", "hearth-5m", "--no-device", cloud.broker(), "--open-timeout=300ms"))
                    .isEqualTo(ExitCode.NO_WORKER.number());
            assertThat(commands.err())
                    .contains("has published a profile of hearth-5m")
                    .contains("within 300 ms");
        }
    }
}
