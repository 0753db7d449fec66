package dev.cleave.transport.broker;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Stands between one client and a broker, hands everything on, and keeps a copy: what a capture of the socket would show. */
public final class Capture implements AutoCloseable {
    private final ServerSocket server;
    private final URI broker;
    private final List<Closeable> open = new ArrayList<>();
    private final ByteArrayOutputStream up = new ByteArrayOutputStream();
    private final ByteArrayOutputStream down = new ByteArrayOutputStream();

    /** Waits for the client on a free port. */
    public Capture(URI broker) throws IOException {
        this.broker = broker;
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        open.add(server);
        start(this::accept);
    }

    /** Returns where the client connects. */
    public URI uri() {
        return URI.create("tcp://127.0.0.1:" + server.getLocalPort());
    }

    private void accept() throws IOException {
        Socket client = server.accept();
        Socket target = new Socket(broker.getHost(), broker.getPort());
        synchronized (open) {
            open.add(client);
            open.add(target);
        }
        client.setTcpNoDelay(true);
        target.setTcpNoDelay(true);
        start(() -> forward(client.getInputStream(), target.getOutputStream(), up));
        start(() -> forward(target.getInputStream(), client.getOutputStream(), down));
    }

    private static void forward(InputStream in, OutputStream out, ByteArrayOutputStream copy) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            synchronized (copy) {
                copy.write(buffer, 0, count);
            }
            out.write(buffer, 0, count);
            out.flush();
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException closed) {
                // The end of either side ends the other.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns what the client has sent so far. */
    public byte[] up() {
        synchronized (up) {
            return up.toByteArray();
        }
    }

    /** Returns what the broker has sent to it so far. */
    public byte[] down() {
        synchronized (down) {
            return down.toByteArray();
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (open) {
            for (Closeable each : open) {
                each.close();
            }
        }
    }
}
