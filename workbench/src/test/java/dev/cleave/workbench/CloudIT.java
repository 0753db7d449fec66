package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.edge.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service in the foreground: its exit status and the signals pass through. */
@Timeout(300)
class CloudIT {
    @TempDir
    static Path home;

    @BeforeAll
    static void prepare() {
        Commands.prepareHearth(home, "--bits=4,8");
    }

    @Test
    void endsByCtrlCWithTheService() {
        try (Cloud cloud = Cloud.start(home, Map.of())) {
            assertThat(ProcessHandle.of(cloud.pid())).isPresent();
            cloud.program().signal("INT");

            assertThat(cloud.program().await()).isEqualTo(ExitCode.INTERRUPTED.number());
            assertThat(ProcessHandle.of(cloud.pid())).isEmpty();
        }
    }

    @Test
    void theServiceEndsWithAProgramThatIsKilled() {
        try (Cloud cloud = Cloud.start(home, Map.of())) {
            cloud.program().signal("KILL");

            Program.until(() -> ProcessHandle.of(cloud.pid()).isEmpty(), () -> false);
        }
    }

    @Test
    void endsWithTheServicesStatus() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Program program = Program.start(home, "cloud", "--http-port=0", "--port=" + taken.getLocalPort())) {
            // The service's own number for a port that is taken; docs/cloud.md lists it.
            assertThat(program.await()).isEqualTo(32);
            assertThat(program.err()).contains(Integer.toString(taken.getLocalPort()));
        }
    }
}
