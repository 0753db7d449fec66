package dev.cleave.workbench;

import dev.cleave.edge.ExitCode;
import dev.cleave.edge.cli.Program;
import dev.cleave.edge.process.Interrupts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * Does in one process what users start the program for, so that the virtual machine can write the classes that this takes to an
 * archive ({@code -XX:ArchiveClassesAtExit}), from which later starts map them in place of reading and verifying them again.
 */
public final class StartTraining {
    private StartTraining() {}

    /**
     * Answers twice on this device, and once without a broker. Ends with 1 where that does not end as it was to.
     *
     * @param args folder of state that holds the prepared model hearth-5m, of 4 bits
     */
    public static void main(String[] args) throws IOException {
        Path home = Path.of(args[0]);
        boolean good = ends(home, ExitCode.OK, "run", "--split=12", "--front-bits=4", "--max-tokens=4", "Hi")
                && ends(home, ExitCode.OK, "run", "--split=12", "--front-bits=4", "--max-tokens=4", "--json", "Hi");
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread refusing = new Thread(() -> refuse(nobody), "refuses connections");
            refusing.setDaemon(true);
            refusing.start();
            String broker = "--broker=tcp://127.0.0.1:" + nobody.getLocalPort();
            good &= ends(home, ExitCode.BROKER_UNREACHABLE, "run", "--front-bits=4", "--back-bits=4", broker, "Hi");
        }
        System.exit(good ? 0 : 1);
    }

    private static boolean ends(Path home, ExitCode expected, String... arguments) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(said, true, StandardCharsets.UTF_8);
        Program.Streams streams = new Program.Streams(new ByteArrayInputStream(new byte[0]), both, both);
        int code = Main.PROGRAM.run(arguments, Map.of("CLEAVE_HOME", home.toString()), streams, Interrupts.none());
        if (code != expected.number()) {
            System.err.println("training: " + String.join(" ", arguments) + " ended with " + code + ", not "
                    + expected.number() + ": " + said.toString(StandardCharsets.UTF_8));
        }
        return code == expected.number();
    }

    /** Reads what a client first says, and closes: as far as a client gets without a broker. */
    private static void refuse(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept();
                    InputStream in = socket.getInputStream()) {
                in.read();
            } catch (IOException e) {
                // The server is closed, or the client was first.
                continue;
            }
        }
    }
}
