package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.edge.ExitCode;
import dev.cleave.edge.Failure;
import dev.cleave.model.ModelException;
import dev.cleave.transport.TransportException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
    @Test
    void everyNumberMeansOneThing() {
        assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::number)).doesNotHaveDuplicates();
    }

    @Test
    void everyReasonHasACodeOfItsOwn() {
        Set<ExitCode> codes = new HashSet<>();
        for (ModelException.Reason reason : ModelException.Reason.values()) {
            assertThat(codes.add(Failure.of(new ModelException(reason, "")).code()))
                    .as(reason.name())
                    .isTrue();
        }
        for (TransportException.Reason reason : TransportException.Reason.values()) {
            assertThat(codes.add(
                            Failure.of(new TransportException(reason, "", null)).code()))
                    .as(reason.name())
                    .isTrue();
        }
        assertThat(codes).doesNotContain(ExitCode.OK, ExitCode.INTERNAL);
    }

    @Test
    void workersThatServeAnotherModelAreNoMissingWorkers() {
        for (TransportException.Reason reason :
                new TransportException.Reason[] {TransportException.Reason.NO_WORKER, TransportException.Reason.REFUSED
                }) {
            assertThat(Failure.of(new TransportException(reason, "MODEL", "", null))
                            .code())
                    .isEqualTo(ExitCode.BUNDLES_DIFFER);
        }
    }

    @Test
    void theManualListsThemAll() throws IOException {
        String manual = Files.readString(Program.ROOT.resolve("docs/cli.md"));
        for (ExitCode code : ExitCode.values()) {
            assertThat(manual).contains("| " + code.number() + " | `" + code.label() + "` |");
        }
    }
}
