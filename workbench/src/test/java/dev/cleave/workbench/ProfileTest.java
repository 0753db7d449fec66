package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cleave.codec.CodecLevel;
import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.config.CleaveHome;
import dev.cleave.edge.profile.ProfileStore;
import dev.cleave.edge.profile.ProfileStore.Kind;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.ModelException;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.optimizer.file.ComputeFile;
import dev.cleave.optimizer.file.LinkFile;
import dev.cleave.optimizer.profile.CodecCost;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.KvCost;
import dev.cleave.optimizer.profile.LayerCost;
import dev.cleave.optimizer.profile.LinkProfile;
import dev.cleave.optimizer.profile.WidthCost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is measured of this machine, and where it is kept. */
@Timeout(180)
class ProfileTest {
    @TempDir
    static Path home;

    private static Bundle bundle;

    private final Commands commands = new Commands(home);
    private final ProfileStore store = new ProfileStore(CleaveHome.of(Map.of("CLEAVE_HOME", home.toString())));

    @BeforeAll
    static void prepare() {
        Commands.prepareHearth(home, "--bits=4,8");
        bundle = Bundle.open(home.resolve("models/hearth-5m"));
    }

    @Test
    void bytesAreThoseOfTheSegmentsAndEveryPartHasATime() {
        assertThat(commands.run("profile", "hearth-5m", "--quick", "--json", "--threads=1"))
                .as(commands.err())
                .isZero();
        ComputeProfile profile = ComputeFile.read(commands.out().getBytes(StandardCharsets.UTF_8), "standard output");

        assertThat(store.compute(bundle, Kind.DEVICE)).isEqualTo(profile);
        assertThat(commands.err()).contains("wrote " + store.path(bundle, Kind.DEVICE));
        assertThat(profile.mode()).isEqualTo("fast");
        assertThat(profile.widths()).extracting(WidthCost::bits).containsExactly(4, 8);
        assertThat(profile.codec())
                .extracting(CodecCost::link)
                .containsExactlyElementsOf(
                        CodecLevel.all().stream().map(CodecLevel::name).toList());
        assertThat(profile.codec()).allSatisfy(cost -> {
            assertThat(cost.encode()).isPositive();
            assertThat(cost.decode()).isPositive();
            assertThat(cost.encodePrompt()).isPositive();
            assertThat(cost.decodePrompt()).isPositive();
        });
        assertThat(profile.kv()).extracting(KvCost::name).containsExactly("float32", "float16");
        try (SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT)) {
            for (WidthCost width : profile.widths()) {
                checkBytes(engine, profile, width);
            }
        }
    }

    /** Opens what the planner would, all at once: the sum of the parts is the whole. */
    private static void checkBytes(SegmentEngine engine, ComputeProfile profile, WidthCost width) {
        int layers = bundle.architecture().layers();
        int vocabulary = bundle.architecture().vocabulary();
        for (int split : new int[] {1, 5, layers}) {
            long packed = width.layers().subList(0, split).stream()
                    .mapToLong(LayerCost::packedBytes)
                    .sum();
            long head = split == layers ? width.headBytes() - 4L * vocabulary : 0;
            SegmentSpec spec = new SegmentSpec(0, split, width.bits(), Mode.FAST);
            try (Sequence segment = engine.begin(bundle, spec, 256, KvPrecision.FLOAT32)) {
                assertThat(segment.wholeFootprint().weights()).isEqualTo(width.embeddingBytes() + packed + head);
                assertThat(segment.wholeFootprint().kv())
                        .isEqualTo(256 * split * profile.kv().get(0).bytesPerToken());
                assertThat(segment.wholeFootprint().workspace())
                        .isEqualTo(
                                profile.memory().workspace() + profile.memory().rotary(256));
                assertThat(segment.chunk()).isEqualTo(profile.chunk());
            }
            checkHalved(engine, profile, new SegmentSpec(0, split, width.bits(), Mode.FAST));
        }
        assertThat(width.embeddingBytes()).as("rows are read, not kept").isZero();
        assertThat(width.headMillis()).isNotNegative();
    }

    /** What attention takes besides is bounded: the engine halves its chunks, the planner does not count them. */
    private static void checkHalved(SegmentEngine engine, ComputeProfile profile, SegmentSpec spec) {
        KvCost cost = profile.kv().get(1);
        try (Sequence segment = engine.begin(bundle, spec, 256, KvPrecision.FLOAT16)) {
            int split = spec.to();
            assertThat(segment.wholeFootprint().kv()).isEqualTo(256 * split * cost.bytesPerToken());
            long most = profile.memory().workspace() + profile.memory().rotary(256);
            assertThat(segment.wholeFootprint().workspace()).isBetween(most / 8, most + cost.scratch(split, 256));
        }
    }

    @Test
    void theTableTellsEveryWidthThatWasAskedFor() {
        Path out = home.resolve("elsewhere/p.json");
        assertThat(commands.run("profile", "hearth-5m", "--quick", "--bits=8", "--mode=exact", "--out=" + out))
                .as(commands.err())
                .isZero();

        assertThat(commands.out()).contains("behind a wait", "keys and values in float16");
        assertThat(commands.out())
                .contains("exact, chunks of 64, 12 layers")
                .containsPattern("(?m)^ +8 ")
                .doesNotContainPattern("(?m)^ +4 ")
                .contains("int8");
        assertThat(out).isRegularFile();
    }

    @Test
    void whatCannotBeIsSaid() {
        assertThat(commands.run("profile", "hearth-5m", "--bits=2,4")).isEqualTo(ExitCode.OUT_OF_RANGE.number());
        assertThat(commands.err()).contains("--bits [2, 4]: hearth-5m has [4, 8]");
        assertThat(commands.run("profile", "nothing")).isEqualTo(ExitCode.NO_SUCH_MODEL.number());
        assertThat(commands.run("profile", "hearth-5m", "--threads=0")).isEqualTo(ExitCode.USAGE.number());
        assertThat(commands.run("profile", "hearth-5m", "--no-device")).isEqualTo(ExitCode.USAGE.number());
    }

    @Test
    void aProfileThatIsMissingIsToldWithTheCommandThatMakesIt() {
        CliException missing = catchThrowableOfType(CliException.class, () -> store.compute(bundle, Kind.CLOUD));
        assertThat(missing.code()).isEqualTo(ExitCode.NO_PROFILE);
        assertThat(missing)
                .hasMessageContaining("there is no cloud profile of hearth-5m yet")
                .hasMessageContaining("cleave profile " + bundle.folder() + " --broker URI");
        assertThat(catchThrowableOfType(CliException.class, () -> store.link(bundle))
                        .code())
                .isEqualTo(ExitCode.NO_PROFILE);
    }

    @Test
    void aProfileOfAnotherModelIsRefused() throws Exception {
        LinkProfile link = new LinkProfile(List.of(new LinkProfile.Sample(1, 100, 0)), 60, 40);
        Path path = store.write(bundle, Kind.LINK, LinkFile.write(link));
        assertThat(store.link(bundle)).isEqualTo(link);
        Files.delete(path);

        assertThat(commands.run("profile", "hearth-5m", "--quick", "--json", "--bits=4"))
                .isZero();
        String other = commands.out().replace(bundle.modelHash(), "f".repeat(64));
        byte[] file = other.getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> ComputeFile.read(file, "other.json", bundle))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("other.json: field modelHash: that of hearth-5m, " + bundle.modelHash()
                        + ", is expected, found " + "f".repeat(64));
    }
}
