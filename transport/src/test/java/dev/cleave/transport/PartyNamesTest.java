package dev.cleave.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.transport.internal.Protocol;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that nobody has chosen. */
class PartyNamesTest {
    @TempDir
    Path folder;

    /** Prints a name, as a process of its own. */
    public static final class Print {
        private Print() {}

        /** Prints the name of a device whose folder is the first argument. */
        public static void main(String[] args) {
            System.out.println(PartyNames.of("edge", Optional.of(Path.of(args[0]))));
        }
    }

    private static Process process(Path home) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Print.class.getName(),
                        home.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String name(Process process) throws Exception {
        String name = new String(process.getInputStream().readAllBytes()).trim();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return name;
    }

    @Test
    void processesOfOneInstallationShareItsIdAndDiffer() throws Exception {
        Path home = folder.resolve("state");
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            processes.add(process(home));
        }
        Set<String> names = new HashSet<>();
        for (Process each : processes) {
            names.add(name(each));
        }
        assertThat(names).hasSize(4).allMatch(Protocol::isPartyName);
        String kept = Files.readString(home.resolve(PartyNames.FILE)).trim();
        assertThat(name(process(home))).startsWith("edge-" + kept + "-");
        assertThat(home.toFile().list()).containsExactly(PartyNames.FILE);
        assertThat(name(process(folder.resolve("another")))).doesNotContain(kept);
    }

    @Test
    void aProcessKeepsItsName() {
        assertThat(PartyNames.of("edge", Optional.of(folder))).isEqualTo(PartyNames.of("edge", Optional.of(folder)));
        assertThat(PartyNames.of("edge", Optional.empty())).isEqualTo(PartyNames.of("edge", Optional.empty()));
    }

    @Test
    void whereNothingCanBeKeptTheProcessHasAName() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "no folder");
        assertThat(PartyNames.of("edge", Optional.of(file))).matches("edge-[0-9a-z]{5}-[0-9a-z]{4}");
        assertThat(Files.readString(file)).isEqualTo("no folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "edge", "a-very-long-host.name", "h\u00f6st"})
    void namesMayStandInTopics(String prefix) {
        assertThat(PartyNames.of(prefix, Optional.of(folder))).matches(Protocol::isPartyName);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ab", "a/b#c", "longer than any id may be"})
    void aFileThatHoldsNoIdIsWrittenAnew(String contents) throws Exception {
        Path file = Files.writeString(folder.resolve(PartyNames.FILE), contents);
        String name = PartyNames.of("edge", Optional.of(folder));
        assertThat(name).contains("-" + Files.readString(file).trim() + "-").matches(Protocol::isPartyName);
    }
}
