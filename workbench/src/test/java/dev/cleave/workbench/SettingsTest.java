package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.edge.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line goes before the environment, the environment before the file, the file before the defaults. */
class SettingsTest {
    @TempDir
    static Path home;

    private Commands commands;

    @BeforeAll
    static void prepare() {
        Commands.prepareHearth(home, "--bits=4,8,16");
    }

    @BeforeEach
    void begin() throws IOException {
        Files.deleteIfExists(home.resolve("cleave.properties"));
        commands = new Commands(home);
    }

    @Test
    void theDefaults() {
        assertThat(frontBits()).isEqualTo(4);
    }

    @Test
    void theFileGoesBeforeTheDefaults() throws IOException {
        settings("front-bits=8");
        assertThat(frontBits()).isEqualTo(8);
    }

    @Test
    void theFileMaySpeakToOneCommandAlone() throws IOException {
        settings("cleave.run.front-bits=16", "front-bits=8");
        assertThat(frontBits()).isEqualTo(16);
    }

    @Test
    void theEnvironmentGoesBeforeTheFile() throws IOException {
        settings("front-bits=8");
        commands.with("CLEAVE_FRONT_BITS", "16");
        assertThat(frontBits()).isEqualTo(16);
    }

    @Test
    void theCommandLineGoesBeforeTheEnvironment() throws IOException {
        settings("front-bits=8");
        commands.with("CLEAVE_FRONT_BITS", "16");
        assertThat(frontBits("--front-bits=4")).isEqualTo(4);
    }

    @Test
    void anotherFileMayBeNamed() throws IOException {
        settings("front-bits=8");
        Path other = Files.writeString(home.resolve("other.properties"), "front-bits=16");
        assertThat(frontBits("--config=" + other)).isEqualTo(16);
        assertThat(frontBits("--config", other.toString())).isEqualTo(16);
    }

    @Test
    void aFileThatIsNamedMustBeThere() {
        assertThat(commands.run("run", "--config=nowhere.properties", "Hi")).isEqualTo(ExitCode.USAGE.number());
        assertThat(commands.err()).contains("nowhere.properties");
    }

    @Test
    void anUnknownKeyIsRefused() throws IOException {
        settings("front-bit=8");
        assertThat(commands.run("run", "Hi")).isEqualTo(ExitCode.USAGE.number());
        assertThat(commands.err()).contains("'front-bit'", "cleave.properties");
    }

    @Test
    void aValueThatCannotBeIsRefusedWhereverItComesFrom() {
        commands.with("CLEAVE_LINK", "int9");
        assertThat(commands.run("run", "Hi")).isEqualTo(ExitCode.USAGE.number());
        assertThat(commands.err()).contains("int9");
    }

    private static void settings(String... lines) throws IOException {
        Files.writeString(home.resolve("cleave.properties"), String.join("\n", lines));
    }

    private long frontBits(String... more) {
        String[] arguments = {"run", "--raw", "--json", "-q", "--split=12", "--max-tokens=1", "Hi"};
        String[] all = new String[arguments.length + more.length];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        assertThat(commands.run(all)).as(commands.err()).isZero();
        return commands.json().integer("frontBits", 0, 99);
    }
}
