package dev.cleave.cloud.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.cloud.broker.EmbeddedBroker;
import dev.cleave.cloud.profile.WorkerProfile;
import dev.cleave.codec.CodecLevel;
import dev.cleave.generation.SplitConfig;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.Mode;
import dev.cleave.model.SegmentEngine;
import dev.cleave.optimizer.file.ComputeFile;
import dev.cleave.optimizer.profile.CodecCost;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.WidthCost;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.device.DeviceLink;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker measures its machine, beside its sessions, and devices hear of it. */
@Timeout(240)
class WorkerProfileTest {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    @TempDir
    Path folder;

    private EmbeddedBroker broker;
    private RunningWorker worker;

    @BeforeEach
    void start() {
        broker = EmbeddedBroker.start("127.0.0.1", 0, Optional.empty());
        worker = new RunningWorker(broker.uri(), LogitsTap.NONE);
    }

    @AfterEach
    void stop() {
        worker.close();
        broker.close();
    }

    private WorkerProfile profile(Path file) {
        return WorkerProfile.start(worker.bundle, worker.service, 1, Optional.ofNullable(file));
    }

    private static void await(WorkerProfile profile) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (profile.pending()) {
            assertThat(System.nanoTime()).as("still measuring").isLessThan(end);
            Thread.sleep(10);
        }
    }

    @Test
    void whatIsMeasuredIsPublishedAndKeptAndReadTheNextTime() throws Exception {
        Path file = folder.resolve("profile.json");
        String date;
        try (DeviceLink device = worker.connect("d1", Timeouts.DEFAULT)) {
            WorkerProfile measured = profile(file);
            Map<String, byte[]> heard = device.profiles(worker.bundle.modelHash(), LIMIT);
            await(measured);

            assertThat(heard)
                    .containsOnlyKeys("w1")
                    .containsEntry("w1", measured.json().orElseThrow());
            ComputeProfile profile = ComputeFile.read(heard.get("w1"), "w1");
            assertThat(ComputeFile.read(Files.readAllBytes(file), "file")).isEqualTo(profile);
            assertThat(profile.provenance().modelHash()).isEqualTo(worker.bundle.modelHash());
            assertThat(profile.provenance().versions()).containsKeys("cleave", "engine", "java");
            assertThat(profile.layers()).isEqualTo(worker.bundle.architecture().layers());
            assertThat(profile.widths()).extracting(WidthCost::bits).isEqualTo(worker.bundle.widths());
            assertThat(profile.codec())
                    .extracting(CodecCost::link)
                    .containsExactlyElementsOf(
                            CodecLevel.all().stream().map(CodecLevel::name).toList());
            date = profile.provenance().date();

            String other = "1999-12-31T00:00:00Z";
            Files.writeString(file, Files.readString(file).replace(date, other));
            WorkerProfile read = profile(file);
            await(read);
            assertThat(ComputeFile.read(read.json().orElseThrow(), "again")
                            .provenance()
                            .date())
                    .isEqualTo(other);
        }
    }

    @Test
    void sessionsGoOnMeanwhileAndSayTheSame() throws Exception {
        SplitConfig config = RunningWorker.config(6, 4, 8, "int8", Mode.FAST);
        String prompt = "Tell me a story about a cat.";
        try (SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT.withThreads(1))) {
            String alone = worker.answer(engine, "d1", config, prompt, 100).text();
            WorkerProfile measured = profile(null);
            int answers = 0;
            while (measured.pending()) {
                assertThat(worker.answer(engine, "d1", config, prompt, 100).text())
                        .isEqualTo(alone);
                answers++;
            }

            assertThat(answers).isPositive();
            assertThat(measured.json()).isPresent();
        }
    }

    @Test
    void stoppingEndsTheMeasurement() {
        WorkerProfile measured = profile(null);
        measured.stop(Duration.ofSeconds(60));

        assertThat(measured.pending()).isFalse();
        assertThat(measured.json()).isEmpty();
    }

    @Test
    void aFileThatIsNoProfileIsNeitherPublishedNorReplaced() throws Exception {
        Path file = Files.write(folder.resolve("profile.json"), "{\"format\":1}".getBytes(StandardCharsets.UTF_8));
        WorkerProfile profile = profile(file);
        await(profile);

        assertThat(profile.json()).isEmpty();
        assertThat(file).hasContent("{\"format\":1}");
        try (DeviceLink device = worker.connect("d1", Timeouts.DEFAULT)) {
            assertThat(device.profiles(worker.bundle.modelHash(), Duration.ofMillis(300)))
                    .isEmpty();
        }
    }
}
