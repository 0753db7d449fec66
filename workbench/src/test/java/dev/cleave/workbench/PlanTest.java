package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.edge.config.CleaveHome;
import dev.cleave.edge.profile.ProfileStore;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** cleave plan, from profiles that this machine has measured of itself; the cloud is a copy of it. */
@Timeout(300)
class PlanTest {
    private static final long MIB = 1 << 20;

    @TempDir
    static Path home;

    private static Path device;
    private static Path cloud;

    private final Commands commands = new Commands(home);

    @BeforeAll
    static void profile() throws IOException {
        Commands commands = new Commands(home);
        Commands.prepareHearth(home, "--bits=4,8");
        assertThat(commands.run("profile", "--quick", "-q", "hearth-5m")).isZero();
        Bundle bundle = Bundle.open(home.resolve("models/hearth-5m"));
        ProfileStore store = new ProfileStore(CleaveHome.of(Map.of("CLEAVE_HOME", home.toString())));
        device = store.path(bundle, ProfileStore.Kind.DEVICE);
        cloud = store.path(bundle, ProfileStore.Kind.CLOUD);
        Files.copy(device, cloud);
    }

    @Test
    void aPlanKeepsTheMemoryThatItWasGiven() {
        JsonObject plan = plan(0, "--memory=1G").object("plan");
        assertThat(plan.integer("split", 0, 12))
                .as("nothing binds: no link is faster than none")
                .isEqualTo(12);
        long whole = plan.object("memoryBytes").integer("total", 1, 1L << 40);

        JsonObject less = plan(0, "--memory=" + (whole - 1), "--objective=cloud", "--kv=float32");
        assertThat(less.object("binding").string("constraint")).isEqualTo("memoryBytes");
        JsonObject split = less.object("plan");
        assertThat(split.integer("split", 0, 12)).isBetween(1L, 11L);
        JsonObject memory = split.object("memoryBytes");
        long total = memory.integer("total", 1, 1L << 40);
        assertThat(total).isLessThan(whole);
        assertThat(memory.integer("base", 0, 1L << 40)
                        + memory.integer("weights", 0, 1L << 40)
                        + memory.integer("kv", 0, 1L << 40)
                        + memory.integer("workspace", 0, 1L << 40))
                .isEqualTo(total);
    }

    @Test
    void keysAndValuesAreHalvedWhereTheyDoNotFitOtherwise() {
        String[] whole = {"--split=12", "--front-bits=4", "--context=256"};
        JsonObject single = plan(0, with(whole, "--kv=float32")).object("plan");
        long enough = single.object("memoryBytes").integer("total", 1, 1L << 40);
        String tight = "--memory=" + (enough - 1);

        assertThat(plan(0, with(whole, "--memory=" + enough)).object("plan").string("kv"))
                .isEqualTo("float32");
        assertThat(plan(14, with(whole, tight, "--kv=float32")).bool("feasible"))
                .isFalse();
        JsonObject half = plan(0, with(whole, tight)).object("plan");
        assertThat(half.string("kv")).isEqualTo("float16");
        assertThat(half.object("memoryBytes").integer("kv", 1, 1L << 40))
                .isEqualTo(single.object("memoryBytes").integer("kv", 1, 1L << 40) / 2);
    }

    @Test
    void aRunThatIsPlannedKeepsThePrecisionThatItWasGiven() {
        assertThat(commands.run(
                        "run", "--split=12", "--memory=1G", "--kv=float16", "--json", "-q", "--max-tokens=8", "Hello"))
                .as(commands.err())
                .isZero();
        JsonObject report = commands.json();
        assertThat(report.string("kv")).isEqualTo("float16");
        assertThat(report.object("memory").integer("predicted", 1, 1L << 40)).isGreaterThan(MIB);
    }

    @Test
    void aProfileOfATimeBeforeFloat16PlansWithoutIt() throws IOException {
        String text = Files.readString(device);
        Path old = home.resolve("old.json");
        Files.writeString(old, text.replaceFirst("(?s),\\s*\\{\\s*\"name\" : \"float16\".*?\\}\\s*\\}", ""));
        assertThat(Files.readString(old)).contains("float32").doesNotContain("float16");

        assertThat(plan(0, "--device-profile=" + old, "--split=12")
                        .object("plan")
                        .string("kv"))
                .isEqualTo("float32");
        assertThat(commands.run(arguments("--device-profile=" + old, "--kv=float16")))
                .isNotZero();
        assertThat(commands.err()).contains("choices.kv").contains("float16").contains("measure them again");
    }

    private static String[] with(String[] some, String... more) {
        String[] all = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }

    @Test
    void whatTheOptionsNameIsTakenAsItIs() {
        JsonObject plan = plan(0, "--split=5", "--front-bits=8", "--back-bits=4", "--link=tabq-08", "--context=200")
                .object("plan");
        assertThat(plan.integer("split", 0, 12)).isEqualTo(5);
        assertThat(plan.integer("frontBits", 0, 12)).isEqualTo(8);
        assertThat(plan.integer("backBits", 0, 12)).isEqualTo(4);
        assertThat(plan.string("decodeLink")).isEqualTo("tabq-08");
        assertThat(plan.string("promptLink")).isEqualTo("tabq-08");
        assertThat(plan.integer("length", 0, 256)).isEqualTo(200);
    }

    @Test
    void anImpossibleBudgetIsAnsweredWithPossibleOnes() {
        JsonObject answer = plan(14, "--memory=1M");
        assertThat(answer.bool("feasible")).isFalse();
        double memory = answer.element("nearest", 0).object("limits").number("memoryBytes", MIB, 1e12);
        assertThat(plan(0, "--memory=" + (long) memory).bool("feasible")).isTrue();
        assertThat(plan(14, "--memory=" + ((long) memory - 1)).bool("feasible")).isFalse();
    }

    @Test
    void theDeadlineHoldsForTheWholeLength() {
        JsonObject free = plan(0, "--objective=length", "--split=12").object("plan");
        assertThat(free.integer("length", 0, 256)).isEqualTo(256);
        double most = free.object("tokenMillis").number("total", 0, 1e6);
        assertThat(most).isPositive();
    }

    @Test
    void thePicturesAreDrawn() throws IOException {
        assertThat(commands.run(arguments("--plot=" + home.resolve("plots"), "--memory=104M")))
                .as(commands.err())
                .isZero();
        for (String name : new String[] {"plan-memory", "plan-time", "plan-front", "plan-map"}) {
            assertThat(ImageIO.read(home.resolve("plots/" + name + ".png").toFile())
                            .getWidth())
                    .isGreaterThan(400);
        }
        assertThat(commands.out()).contains("layers").contains("memory").contains("a token");
    }

    @ParameterizedTest
    @CsvSource({
        "--memory=lots, 2, --memory",
        "--memory=0, 2, --memory",
        "--deadline=0ms, 2, --deadline",
        "--miss=0.7, 2, --miss",
        "--objective=speed, 2, --objective",
        "--objective=time=-1, 2, --objective",
        "--bandwidth=0, 2, --bandwidth",
        "--prompt-tokens=0, 8, --prompt-tokens",
        "--answer-tokens=1000, 8, --context",
        "--context=9999, 8, --context",
        "--split=13, 8, --split",
        "--front-bits=3, 8, --front-bits",
        "--link=tuned-36, 8, --link",
        "--rtt=-1, 8, --rtt",
        "--device-profile=/nowhere, 3, /nowhere"
    })
    void aWrongWishIsRefused(String option, int status, String named) {
        assertThat(commands.run(arguments(option))).as(commands.err()).isEqualTo(status);
        assertThat(commands.err()).contains(named).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"modelHash\" : \"[0-9a-f]', '\"modelHash\" : \"g', modelHash",
        "'\"layers\" : 12', '\"layers\" : 11', layers",
        "'\"base\" : [0-9.]+', '\"base\" : -1', base",
        "'\"headMillis\" : [0-9.e-]+', '\"headMillis\" : 1e99', headMillis",
        "'\"stepMillis\" : [0-9.E-]+', '\"stepMillis\" : \"soon\"', stepMillis"
    })
    void aWrongProfileIsRefusedByItsField(String pattern, String replacement, String field) throws IOException {
        String text = Files.readString(device);
        String changed = text.replaceFirst(pattern, replacement);
        assertThat(changed).isNotEqualTo(text);
        Path wrong = Files.writeString(home.resolve("wrong.json"), changed);
        assertThat(commands.run(arguments("--device-profile=" + wrong)))
                .as(commands.err())
                .isEqualTo(6);
        assertThat(commands.err()).contains(field).contains("expected").doesNotContain("\tat ");
    }

    @Test
    void aProfileThatIsNotThereNamesTheCommandThatMakesIt() throws IOException {
        Path aside = home.resolve("aside");
        Files.move(cloud, aside);
        try {
            assertThat(commands.run(arguments("--memory=1G"))).isEqualTo(13);
            assertThat(commands.err()).contains("cleave profile").contains("--broker");
        } finally {
            Files.move(aside, cloud);
        }
    }

    @Test
    void aPlanOfAnotherModelIsRefused() throws IOException {
        Path file = home.resolve("plan.json");
        assertThat(commands.run(arguments("--out=" + file, "--split=12"))).isZero();
        assertThat(commands.run("run", "--plan=" + file, "--quiet", Program.PROMPT))
                .as(commands.err())
                .isZero();
        assertThat(commands.out()).isEqualTo(Program.ANSWER + "\n");
        String other = Files.readString(file).replaceFirst("\"modelHash\" : \"....", "\"modelHash\" : \"0000");
        Files.write(file, other.getBytes(StandardCharsets.UTF_8));
        assertThat(commands.run("run", "--plan=" + file, Program.PROMPT)).isEqualTo(24);
        assertThat(commands.err()).contains("cleave plan");
    }

    private JsonObject plan(int status, String... options) {
        String[] all = arguments(options);
        String[] json = Arrays.copyOf(all, all.length + 1);
        json[all.length] = "--json";
        assertThat(commands.run(json)).as(commands.err()).isEqualTo(status);
        return commands.json();
    }

    private static String[] arguments(String... options) {
        List<String> all = new ArrayList<>(List.of("plan"));
        if (!Arrays.toString(options).contains("bandwidth")) {
            all.add("--bandwidth=10M");
        }
        all.addAll(List.of(options));
        return all.toArray(String[]::new);
    }
}
