package dev.cleave.transport.broker;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Mosquitto 2 as a process, with its configuration in a folder of its own. */
public final class Mosquitto implements TestBroker {
    private final Process process;
    private final int port;

    private Mosquitto(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one without logins whose configuration has further lines, those of its only listener among them. */
    public static Mosquitto with(Path folder, String... lines) throws Exception {
        return start(folder, List.of(), Optional.empty(), lines);
    }

    /** Starts one; without it the test is skipped by name, or fails where the build demands it. */
    public static Mosquitto start(Path folder, boolean login) throws Exception {
        return start(folder, login ? List.of(USER) : List.of(), Optional.empty());
    }

    /** Starts one with logins of the same password, each of which may do what an access list says. */
    public static Mosquitto start(Path folder, List<String> users, String accessList) throws Exception {
        return start(folder, users, Optional.of(accessList));
    }

    private static Mosquitto start(Path folder, List<String> users, Optional<String> accessList, String... lines)
            throws Exception {
        for (int attempt = 1; ; attempt++) {
            Optional<Mosquitto> broker = attempt(folder, users, accessList, lines);
            if (broker.isPresent()) {
                return broker.get();
            }
            // Somebody else may have taken the port that was free.
            if (attempt == 3) {
                return fail("mosquitto did not start: " + Files.readString(folder.resolve("mosquitto.log")));
            }
        }
    }

    private static Optional<Mosquitto> attempt(
            Path folder, List<String> users, Optional<String> accessList, String... lines) throws Exception {
        int port = freePort();
        Path configuration = folder.resolve("mosquitto.conf");
        StringBuilder text = new StringBuilder("listener " + port + " 127.0.0.1\n")
                .append("set_tcp_nodelay true\npersistence false\nlog_type error\n")
                .append("user ")
                .append(System.getProperty("user.name"))
                .append('\n');
        if (users.isEmpty()) {
            text.append("allow_anonymous true\n");
        } else {
            Path passwords = folder.resolve("passwords");
            Files.deleteIfExists(passwords);
            Files.createFile(passwords);
            for (String user : users) {
                run(List.of(tool("mosquitto_passwd"), "-b", passwords.toString(), user, PASSWORD));
            }
            text.append("allow_anonymous false\npassword_file ")
                    .append(passwords)
                    .append('\n');
        }
        if (accessList.isPresent()) {
            Path acl = Files.writeString(folder.resolve("acl"), accessList.get());
            text.append("acl_file ").append(acl).append('\n');
        }
        for (String line : lines) {
            text.append(line).append('\n');
        }
        Files.writeString(configuration, text);
        Process process = new ProcessBuilder(tool("mosquitto"), "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("mosquitto.log").toFile())
                .start();
        Mosquitto broker = new Mosquitto(process, port);
        for (int attempt = 0; attempt < 200; attempt++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (socket.isConnected()) {
                    return Optional.of(broker);
                }
            } catch (IOException notYet) {
                if (!process.isAlive()) {
                    break;
                }
                Thread.sleep(25);
            }
        }
        broker.close();
        return Optional.empty();
    }

    private static String tool(String name) {
        String path = System.getenv("PATH") + File.pathSeparator + "/usr/sbin" + File.pathSeparator + "/usr/local/sbin";
        String found = Stream.of(path.split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse(null);
        if (found == null) {
            String missing = name + " is not installed (Debian package mosquitto)";
            if (Boolean.getBoolean("cleave.require.mosquitto")) {
                return fail(missing);
            }
            return abort(missing);
        }
        return found;
    }

    private static void run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
            fail(command.get(0) + " failed: "
                    + new String(process.getInputStream().readAllBytes()));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public URI uri() {
        return URI.create("tcp://127.0.0.1:" + port);
    }

    @Override
    public void kill() {
        process.destroyForcibly();
        await();
    }

    @Override
    public void close() {
        process.destroy();
        await();
    }

    private void await() {
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
