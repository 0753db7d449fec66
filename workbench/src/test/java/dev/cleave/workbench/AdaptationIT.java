package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.codec.CodecLevel;
import dev.cleave.generation.Cancellation;
import dev.cleave.generation.FinishReason;
import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.LatencyTarget;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.TextListener;
import dev.cleave.generation.backend.DeviceModel;
import dev.cleave.generation.link.LinkLadder;
import dev.cleave.generation.link.LinkPlan;
import dev.cleave.generation.loop.Generator;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.Mode;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.model.tokenizer.Tokenizer;
import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.broker.Mosquitto;
import dev.cleave.transport.device.DeviceLink;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real model over a real broker, on a link that changes in the midst of a text. */
@Timeout(300)
class AdaptationIT {
    private static final String STORY = "Tell me a story about a cat.";
    private static final int MAX_TOKENS = 150;
    private static final int NARROW_FROM = 15;
    private static final int WIDE_FROM = 45;

    /** A lossless token takes 570 ms of it, one at bf16 315, one at int8 195, with what MQTT adds. */
    private static final double NARROW_BYTES_PER_MILLI = 1.5;

    private static final double DEADLINE_MILLIS = 300;

    @TempDir
    static Path home;

    private static Bundle bundle;
    private static Mosquitto broker;
    private static Cloud cloud;
    private static SegmentEngine engine;

    @BeforeAll
    static void start() throws Exception {
        Commands.prepareHearth(home, "--bits=4,8");
        bundle = Bundle.open(home.resolve("models/hearth-5m"));
        broker = Mosquitto.start(Files.createDirectory(home.resolve("broker")), false);
        cloud = Cloud.start(home, Map.of(), "--broker=" + broker.uri());
        engine = EngineProvider.find().create(EngineOptions.DEFAULT.withThreads(1));
    }

    @AfterAll
    static void stop() {
        engine.close();
        cloud.close();
        broker.close();
    }

    @Test
    void lowersTheLinkWhileItIsNarrowAndHasTheTextOfThatSchedule() {
        GenerationResult adapted;
        try (Throttle throttle = new Throttle(broker.uri())) {
            List<String> pieces = new ArrayList<>();
            adapted = generate(throttle.uri(), config(lossless()), Optional.of(budget()), Timeouts.DEFAULT, piece -> {
                pieces.add(piece);
                if (pieces.size() == NARROW_FROM) {
                    throttle.bytesPerMilli(NARROW_BYTES_PER_MILLI);
                } else if (pieces.size() == WIDE_FROM) {
                    throttle.bytesPerMilli(Double.MAX_VALUE);
                }
            });
        }
        LinkPlan used = adapted.trace().links();
        assertThat(adapted.tokenIds()).hasSizeGreaterThan(WIDE_FROM + 20);
        assertThat(adapted.trace().cutShort()).isEmpty();
        assertThat(adapted.trace().late()).isBetween(2, adapted.tokenIds().size() / 2);
        assertThat(rung(used, NARROW_FROM - 5)).as(used.label()).isZero();
        int lowest = rung(used, WIDE_FROM - 1);
        assertThat(lowest).as(used.label()).isGreaterThanOrEqualTo(2);
        assertThat(rung(used, adapted.tokenIds().size() - 1)).as(used.label()).isLessThan(lowest);

        GenerationResult undisturbed =
                generate(broker.uri().toString(), config(used), Optional.empty(), Timeouts.DEFAULT, TextListener.NONE);

        assertThat(undisturbed.tokenIds()).isEqualTo(adapted.tokenIds());
        assertThat(undisturbed.text()).isEqualTo(adapted.text());
        assertThat(undisturbed.bytes().frames()).isEqualTo(adapted.bytes().frames());
    }

    @Test
    void endsTheTextWhereTheLinkIsDead() {
        Timeouts impatient = new Timeouts(
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30));
        try (Throttle throttle = new Throttle(broker.uri())) {
            List<String> pieces = new ArrayList<>();
            GenerationResult result =
                    generate(throttle.uri(), config(lossless()), Optional.of(budget()), impatient, piece -> {
                        pieces.add(piece);
                        if (pieces.size() == NARROW_FROM) {
                            throttle.stall();
                        }
                    });

            assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(result.text()).isEqualTo(String.join("", pieces)).startsWith("Once");
            assertThat(result.trace().cutShort().orElseThrow()).contains("dead", "2000 ms");
        }
    }

    @Test
    void theProgramSaysWhatItCouldNotKeep() {
        try (Program program = Program.start(
                home,
                "demo",
                "--json",
                "--deadline=10s",
                "--split=6",
                "--link=lossless",
                "--link-from=7=int8",
                "--link-from=9=tabq-08",
                STORY)) {
            assertThat(program.await()).as(program.err()).isZero();
            JsonObject report = Json.parseObject(program.out().getBytes(StandardCharsets.UTF_8), "demo");
            assertThat(report.string("promptLink")).isEqualTo("lossless");
            List<String> links = new ArrayList<>();
            for (int i = 0; i < report.list("links").size(); i++) {
                JsonObject row = report.element("links", i);
                links.add(row.integer("from", 0, 1000) + "=" + row.string("link"));
            }
            assertThat(links).containsExactly("0=lossless", "7=int8", "9=tabq-08");
            assertThat(report.integer("lateTokens", 0, 256)).isZero();
            assertThat(report.has("cutShort")).isFalse();
        }
    }

    private static LatencyTarget budget() {
        return new LatencyTarget(
                DEADLINE_MILLIS, LinkLadder.below(lossless().prompt(), false, quality -> true), MAX_TOKENS);
    }

    private static LinkPlan lossless() {
        return LinkPlan.of(CodecLevel.of("lossless"));
    }

    private static SplitConfig config(LinkPlan link) {
        return new SplitConfig(6, 4, 8, link, Mode.FAST);
    }

    private static int rung(LinkPlan plan, int token) {
        return budget().ladder().indexOf(plan.decode(token));
    }

    private static GenerationResult generate(
            String uri, SplitConfig config, Optional<LatencyTarget> budget, Timeouts timeouts, TextListener listener) {
        Tokenizer tokenizer = Tokenizer.of(bundle.tokenizerJson());
        try (DeviceModel model = DeviceModel.open(bundle, tokenizer, engine, config, 256, budget);
                DeviceLink link = DeviceLink.connect(BrokerOptions.of(uri), "adapting", timeouts);
                Generator generator = Generator.overLink(model, link, "adapting", SamplingOptions.GREEDY)) {
            int[] prompt = tokenizer.encode("<|end|><|user|>" + STORY + "<|assistant|>", false);
            return generator.generate(prompt, MAX_TOKENS, listener, new Cancellation());
        }
    }
}
