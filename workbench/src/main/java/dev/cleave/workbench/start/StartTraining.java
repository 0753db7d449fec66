package dev.cleave.workbench.start;

import dev.cleave.edge.ExitCode;
import dev.cleave.edge.cli.Program;
import dev.cleave.edge.config.CleaveHome;
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
     * Runs the training.
     *
     * @param program whose commands are run
     * @param install folder that holds {@code models/hearth-5m}
     * @param home empty or absent folder for the state of these runs
     * @return whether every run ended as it was to end
     */
    public static boolean run(Program program, Path install, Path home) throws IOException {
        Path model = install.resolve("models").resolve("hearth-5m");
        System.setProperty(CleaveHome.INSTALL_PROPERTY, install.toString());
        boolean whole = ends(program, home, ExitCode.OK, "prepare", "-q", "--bits=4", model.toString())
                && ends(program, home, ExitCode.OK, "run", "--split=12", "--front-bits=4", "--max-tokens=4", "Hi")
                && ends(program, home, ExitCode.OK, "run", "--split=12", "--front-bits=4", "--json", "-q", "Hi");
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread refusing = new Thread(() -> refuse(nobody), "refuses connections");
            refusing.setDaemon(true);
            refusing.start();
            return ends(
                            program,
                            home,
                            ExitCode.BROKER_UNREACHABLE,
                            "run",
                            "--front-bits=4",
                            "--back-bits=4",
                            "--broker=tcp://127.0.0.1:" + nobody.getLocalPort(),
                            "Hi")
                    && whole;
        }
    }

    private static boolean ends(Program program, Path home, ExitCode expected, String... arguments) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(said, true, StandardCharsets.UTF_8);
        Program.Streams streams = new Program.Streams(new ByteArrayInputStream(new byte[0]), both, both);
        int code = program.run(arguments, Map.of("CLEAVE_HOME", home.toString()), streams, Interrupts.none());
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
