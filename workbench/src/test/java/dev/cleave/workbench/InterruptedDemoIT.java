package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.edge.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whenever a demonstration is ended, nothing of it stays: no process, no port, no half-written model. */
@Timeout(300)
class InterruptedDemoIT {
    private static final String STORY = "Tell me a story about a cat.";

    @TempDir
    Path home;

    /** When the signal comes. */
    enum Moment {
        /** The virtual machine is still starting. */
        BEGINNING(run -> true),
        PREPARING(run -> run.err().contains("preparing")),
        CLOUD_STARTING(run -> run.err().contains("starting the cloud")),
        CLOUD_READY(run -> run.found("ready.json")),
        ANSWERING(run -> run.err().contains("Once upon"));

        private final Predicate<Run> reached;

        Moment(Predicate<Run> reached) {
            this.reached = reached;
        }
    }

    /** What a moment is told by. */
    private record Run(Program program, Path home) {
        String err() {
            return program.err();
        }

        boolean found(String file) {
            try (Stream<Path> files = Files.walk(home)) {
                return files.anyMatch(path -> path.endsWith(file));
            } catch (IOException | java.io.UncheckedIOException e) {
                return false;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void ctrlCEndsEverything(Moment moment) throws IOException {
        try (Program program = Program.start(home, "demo", "--json", STORY)) {
            Run run = new Run(program, home);
            program.until(() -> moment.reached.test(run));
            program.signal("INT");

            assertThat(program.await()).as(program.err()).isEqualTo(ExitCode.INTERRUPTED.number());
            assertThat(program.err()).doesNotContain("\tat ");
            nothingIsLeft();
        }
    }

    @Test
    void aCancelledAnswerIsKept() throws IOException {
        try (Program program = Program.start(home, "demo", STORY)) {
            program.until(() -> !program.out().isEmpty());
            program.signal("TERM");

            assertThat(program.await()).as(program.err()).isEqualTo(ExitCode.TERMINATED.number());
            assertThat(program.out()).contains("ended by cancelled");
            nothingIsLeft();
        }
    }

    @Test
    void theCloudServiceEndsWithAProgramThatIsKilled() throws IOException {
        try (Program program = Program.start(home, "demo", STORY)) {
            program.until(() -> new Run(program, home).found("ready.json"));
            assertThat(Program.naming(home)).isNotEmpty();
            program.signal("KILL");

            Program.until(() -> Program.naming(home).isEmpty(), () -> false);
        }
    }

    private void nothingIsLeft() throws IOException {
        assertThat(Program.naming(home)).isEmpty();
        try (Stream<Path> files = Files.walk(home)) {
            assertThat(files.filter(path -> path.toString().contains(".tmp-") || path.endsWith("ready.json")))
                    .isEmpty();
        }
    }
}
