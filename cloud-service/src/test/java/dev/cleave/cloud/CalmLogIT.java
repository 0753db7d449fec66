package dev.cleave.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.codec.CodecLevel;
import dev.cleave.generation.Cancellation;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.backend.DeviceModel;
import dev.cleave.generation.loop.Generator;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.Mode;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.Preparation;
import dev.cleave.model.bundle.PreparationOptions;
import dev.cleave.model.json.Json;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.model.tokenizer.Tokenizer;
import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.device.DeviceLink;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The embedded broker says where to connect and how, and then nothing where nothing is wrong. */
@Timeout(300)
class CalmLogIT {
    private static final int DEVICES = 4;

    @TempDir
    private Path folder;

    private Bundle bundle;

    @BeforeEach
    void prepare() {
        bundle = Preparation.prepare(PreparationOptions.of(
                Path.of(System.getProperty("cleave.root"), "models", "hearth-5m"),
                folder.resolve("hearth"),
                List.of(4)));
    }

    @Test
    void devicesThatConnectAnswerAndLeaveWriteNoWarning() throws Exception {
        String said = saidWith(Map.of(), Optional.empty());
        assertThat(said.lines().findFirst().orElseThrow())
                .containsPattern("Embedded broker: connect to tcp://127\\.0\\.0\\.1:[0-9]+ by MQTT 5")
                .contains("without TLS", "without a login");
        assertThat(said).doesNotContain(" WARN ", " ERROR ");
    }

    @Test
    void withALoginItSaysWhose() throws Exception {
        String said = saidWith(
                Map.of("CLEAVE_BROKER_USER", "house", "CLEAVE_BROKER_PASSWORD", "secret-value"), Optional.of("house"));
        assertThat(said.lines().findFirst().orElseThrow())
                .contains("Embedded broker: connect to tcp://", "with the login of user house");
        assertThat(said).doesNotContain(" WARN ", " ERROR ", "secret-value");
    }

    private String saidWith(Map<String, String> environment, Optional<String> user) throws Exception {
        Path ready = folder.resolve("ready.json");
        List<String> settings = List.of(
                "cleave.bundle=" + bundle.folder(), "cleave.ready-file=" + ready, "cleave.worker.profile=false");
        try (ServiceProcess service = ServiceProcess.start(folder, settings, environment);
                SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT.withThreads(1))) {
            service.await(ready);
            String uri = Json.readObject(ready, 4096).string("brokerUri");
            BrokerOptions broker =
                    new BrokerOptions(URI.create(uri), user, user.map(name -> "secret-value".toCharArray()));
            for (int i = 0; i < DEVICES; i++) {
                // The same names come again, as devices do.
                answer(engine, broker, "device-" + i % (DEVICES - 1));
            }
            service.stop();
            assertThat(service.code()).as(service.said()).isEqualTo(143);
            return service.said();
        }
    }

    private void answer(SegmentEngine engine, BrokerOptions broker, String device) {
        Tokenizer tokenizer = Tokenizer.of(bundle.tokenizerJson());
        SplitConfig config = new SplitConfig(6, 4, 4, CodecLevel.of("int8"), Mode.EXACT);
        try (DeviceModel model = DeviceModel.open(bundle, tokenizer, engine, config, 128);
                DeviceLink link = DeviceLink.connect(broker, device, Timeouts.DEFAULT);
                Generator generator = Generator.overLink(model, link, device, SamplingOptions.GREEDY)) {
            assertThat(generator
                            .generate(tokenizer.encode("Turn on", true), 8, text -> {}, new Cancellation())
                            .tokenIds())
                    .isNotEmpty();
        }
    }
}
