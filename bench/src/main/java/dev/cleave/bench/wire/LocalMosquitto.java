package dev.cleave.bench.wire;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Mosquitto 2 as a process on a free port of this machine, for everybody on it. */
public final class LocalMosquitto implements AutoCloseable {
    private static final int ATTEMPTS = 200;

    private final Process process;
    private final Path folder;
    private final URI uri;

    private LocalMosquitto(Process process, Path folder, URI uri) {
        this.process = process;
        this.folder = folder;
        this.uri = uri;
    }

    /** Starts one; empty where it is not installed. */
    public static Optional<LocalMosquitto> start() throws IOException, InterruptedException {
        String path = System.getenv("PATH") + File.pathSeparator + "/usr/sbin";
        Optional<Path> program = Stream.of(path.split(File.pathSeparator))
                .map(place -> Path.of(place, "mosquitto"))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty()) {
            return Optional.empty();
        }
        int port = freePort();
        Path folder = Files.createTempDirectory("cleave-mosquitto");
        Path configuration = folder.resolve("mosquitto.conf");
        Files.writeString(
                configuration,
                "listener " + port + " 127.0.0.1\nset_tcp_nodelay true\npersistence false\nallow_anonymous true\n"
                        + "log_type error\n");
        Process process = new ProcessBuilder(program.get().toString(), "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        LocalMosquitto broker = new LocalMosquitto(process, folder, URI.create("tcp://127.0.0.1:" + port));
        for (int attempt = 0; attempt < ATTEMPTS && process.isAlive(); attempt++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (socket.isConnected()) {
                    return Optional.of(broker);
                }
            } catch (IOException notYet) {
                Thread.sleep(25);
            }
        }
        String log = Files.readString(folder.resolve("log"));
        broker.close();
        throw new IOException("mosquitto did not start: " + log);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Returns where it listens. */
    public URI uri() {
        return uri;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            for (String name : new String[] {"mosquitto.conf", "log", ""}) {
                Files.deleteIfExists(folder.resolve(name));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (IOException left) {
            System.err.println("left behind: " + left.getMessage());
        }
    }
}
