package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.edge.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can go wrong without a broker: each has an exit code of its own and a message that says what to do. */
class ErrorsTest {
    /** Holds hearth-5m, which no test changes. */
    @TempDir
    static Path prepared;

    @TempDir
    Path home;

    private Commands commands;

    @BeforeAll
    static void prepare() {
        Commands.prepareHearth(prepared, "--bits=4,8");
    }

    @BeforeEach
    void begin() {
        commands = new Commands(home);
    }

    @Test
    void noSuchModel() {
        fails(ExitCode.NO_SUCH_MODEL, "run", "--model=nope", "Hi");
        assertThat(commands.err()).contains("'nope'", home.resolve("models").toString(), "cleave prepare");
    }

    @Test
    void aCheckpointThatIsNotPrepared() {
        fails(ExitCode.NO_SUCH_MODEL, "run", "Hi");
        assertThat(commands.err()).contains("not prepared", "cleave prepare " + Commands.HEARTH);
    }

    @Test
    void notACheckpoint() throws IOException {
        Path empty = Files.createDirectory(home.resolve("empty"));
        fails(ExitCode.NOT_A_CHECKPOINT, "prepare", empty.toString());
        assertThat(commands.err()).contains(empty.toString());
    }

    @Test
    void noSuchCheckpoint() {
        fails(ExitCode.NO_SUCH_MODEL, "prepare", home.resolve("nowhere").toString());
    }

    @Test
    void unknownArchitecture() throws IOException {
        Path checkpoint = changed("LlamaForCausalLM", "MambaForCausalLM");
        fails(ExitCode.UNSUPPORTED_MODEL, "prepare", checkpoint.toString());
        assertThat(commands.err()).contains("Mamba", "Llama");
    }

    @Test
    void unknownRopeScaling() throws IOException {
        Path checkpoint = changed(
                "\"rope_theta\": 10000.0",
                "\"rope_theta\": 10000.0, \"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 4.0}");
        fails(ExitCode.UNSUPPORTED_MODEL, "prepare", checkpoint.toString());
        assertThat(commands.err()).contains("yarn");
    }

    @Test
    void aFileThatIsOnlyAPointer() throws IOException {
        Path checkpoint = copy(Commands.HEARTH, home.resolve("checkpoint"));
        Files.writeString(
                checkpoint.resolve("model.safetensors"), "version https://git-lfs.github.com/spec/v1\nsize 9900\n");
        fails(ExitCode.MALFORMED_FILE, "prepare", checkpoint.toString());
        assertThat(commands.err()).contains("Git LFS pointer", "9900", "git lfs pull");
    }

    @Test
    void aTokenWithoutARowIsNotedAndDoesNotStopAText() throws IOException {
        Path checkpoint = copy(Commands.HEARTH, home.resolve("checkpoint"));
        Path cases = Program.ROOT.resolve("model/src/test/resources/cases/token-beyond-embedding");
        Files.copy(
                cases.resolve("tokenizer.json"),
                checkpoint.resolve("tokenizer.json"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(commands.run("prepare", "--bits=8", checkpoint.toString())).isZero();
        assertThat(commands.err()).contains("note: the embedding has no row", "\"<tool_call>\" (2049)");
        assertThat(commands.run(
                        "run",
                        "--model=checkpoint",
                        "--split=12",
                        "--front-bits=8",
                        "--max-tokens=2",
                        "x <tool_call> y"))
                .as(commands.err())
                .isZero();
    }

    @Test
    void aPromptWithoutTokens() throws IOException {
        commands = new Commands(prepared);
        assertThat(commands.run("run", "--split=12", "--raw", "--max-tokens=3", "--json", ""))
                .as("it begins with the beginning token")
                .isZero();
        assertThat(commands.json().integer("promptTokens", 0, 9)).isEqualTo(1);

        Path checkpoint = copy(Commands.HEARTH, home.resolve("endless"));
        Files.delete(checkpoint.resolve("generation_config.json"));
        Path config = checkpoint.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"bos_token_id\": 0", "\"bos_token_id\": null"));
        commands = new Commands(home);
        assertThat(commands.run("prepare", "-q", "--bits=4,8", checkpoint.toString()))
                .isZero();
        fails(ExitCode.USAGE, "run", "--model=endless", "--split=12", "--raw", "");
        assertThat(commands.err()).contains("the prompt has no tokens", "endless");
    }

    @Test
    void truncatedSafetensors() throws IOException {
        Path checkpoint = copy(Commands.HEARTH, home.resolve("checkpoint"));
        truncate(checkpoint.resolve("model.safetensors"), 100_000);
        fails(ExitCode.MALFORMED_FILE, "prepare", checkpoint.toString());
        assertThat(commands.err()).contains("model.safetensors");
        assertThat(home.resolve("models/checkpoint")).doesNotExist();
    }

    @Test
    void aBundleOfWhichAByteHasChanged() throws IOException {
        Path bundle = copy(prepared.resolve("models/hearth-5m"), home.resolve("models/hearth-5m"));
        Path layer = bundle.resolve("layer-002.q4.safetensors");
        try (FileChannel file = FileChannel.open(layer, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, file.size() - 1);
            file.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 1)}), file.size() - 1);
        }
        fails(ExitCode.DAMAGED_BUNDLE, "run", "--split=12", "Hi");
        assertThat(commands.err()).contains(layer.toString(), "sha256");
        fails(ExitCode.DAMAGED_BUNDLE, "models");
        assertThat(commands.run("run", "--split=12", "--front-bits=8", "--max-tokens=1", "Hi"))
                .as("the other width is whole")
                .isZero();
    }

    @Test
    void aBundleWithATruncatedFile() throws IOException {
        Path bundle = copy(prepared.resolve("models/hearth-5m"), home.resolve("models/hearth-5m"));
        truncate(bundle.resolve("layer-002.q4.safetensors"), 1000);
        fails(ExitCode.DAMAGED_BUNDLE, "run", "Hi");
        assertThat(commands.err()).contains("layer-002.q4.safetensors", "1000 bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "--split=13, 'outside 0..12'",
        "--split=-1, 'outside 0..12'",
        "--front-bits=2, '[4, 8]'",
        "--back-bits=16, '[4, 8]'",
        "--context=257, 'outside 2..256'"
    })
    void outOfRange(String option, String message) {
        commands = new Commands(prepared);
        fails(ExitCode.OUT_OF_RANGE, "run", option, "Hi");
        assertThat(commands.err()).contains(message);
    }

    @Test
    void aPromptThatIsLongerThanTheContext() {
        commands = new Commands(prepared);
        fails(ExitCode.PROMPT_TOO_LONG, "run", "--raw", "--split=12", "light ".repeat(300));
        assertThat(commands.err()).contains("tokens", "holds 256");
    }

    @Test
    void anAnswerThatReachesTheContextEndsThere() {
        commands = new Commands(prepared);
        assertThat(commands.run("run", "--raw", "--split=12", "--context=20", "--json", "Once upon a time"))
                .isZero();
        assertThat(commands.json().string("finishReason")).isEqualTo("length");
        assertThat(commands.json().integer("promptTokens", 1, 20)
                        + commands.json().list("tokenIds").size())
                .isEqualTo(20);
    }

    @Test
    void nothingListensAtTheBrokersAddress() {
        commands = new Commands(prepared);
        fails(ExitCode.BROKER_UNREACHABLE, "run", "--broker=tcp://127.0.0.1:9", "Hi");
        assertThat(commands.err()).contains("127.0.0.1:9");
    }

    @ParameterizedTest
    @CsvSource({
        "--linc=int8, --linc",
        "--link=int9, 'lossless, bf16, int8'",
        "--mode=slow, 'fast, exact'",
        "--temperature=-1, '0.01'",
        "--top-p=0, above 0",
        "--max-tokens=0, at least 1",
        "--device=a/b, A-Z",
        "--broker=http://x, tcp://host:port",
        "--step-timeout=soon, 30s",
        "--threads=0, '1..1024'",
        "--key=key.pem, --certificate"
    })
    void aCommandLineThatCannotBeUnderstood(String option, String message) {
        commands = new Commands(prepared);
        fails(ExitCode.USAGE, "run", option, "Hi");
        assertThat(commands.err()).contains(message);
    }

    @Test
    void certificatesAreForTls() {
        commands = new Commands(prepared);
        fails(ExitCode.USAGE, "run", "--broker=tcp://127.0.0.1:9", "--trust=authority.pem", "Hi");
        assertThat(commands.err()).contains("--trust", "ssl://");
    }

    @Test
    void anAuthorityThatCannotBeReadIsNamed() {
        commands = new Commands(prepared).with("CLEAVE_TRUST", "nowhere/authority.pem");
        fails(ExitCode.INSECURE, "run", "--broker=ssl://127.0.0.1:9", "Hi");
        assertThat(commands.err()).contains("there is no file nowhere/authority.pem");
    }

    @Test
    void aCommandThatDoesNotExist() {
        fails(ExitCode.USAGE, "walk");
    }

    /** Runs a command line twice, for people and for programs. */
    private void fails(ExitCode code, String... arguments) {
        String[] json = Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray(String[]::new);
        assertThat(commands.run(json)).as(commands.err()).isEqualTo(code.number());
        if (!commands.json().has("models")) {
            assertThat(commands.json().object("error").string("code")).isEqualTo(code.label());
            assertThat(commands.json().object("error").integer("exitCode", 0, 255))
                    .isEqualTo(code.number());
            assertThat(commands.json().object("error").string("message")).isNotBlank();
        }
        assertThat(commands.run(arguments)).as(commands.err()).isEqualTo(code.number());
        assertThat(commands.err()).startsWith("cleave: ").doesNotContain("\tat ", "Exception");
        assertThat(commands.out()).isEmpty();
    }

    private Path changed(String from, String to) throws IOException {
        Path checkpoint = copy(Commands.HEARTH, home.resolve("checkpoint"));
        Path config = checkpoint.resolve("config.json");
        String text = Files.readString(config);
        assertThat(text).contains(from);
        Files.writeString(config, text.replace(from, to));
        return checkpoint;
    }

    private static void truncate(Path file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }

    private static Path copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }
}
