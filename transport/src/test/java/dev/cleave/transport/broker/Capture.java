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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Stands between one client and a broker, hands everything on, and keeps a copy: what a capture of the socket would show. */
public final class Capture implements AutoCloseable {
    private final ServerSocket server;
    private final URI broker;
    private final List<Closeable> open = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(2);
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
        start(() -> forward(client, target, up));
        start(() -> forward(target, client, down));
    }

    private void forward(Socket from, Socket to, ByteArrayOutputStream copy) throws IOException {
        byte[] buffer = new byte[1 << 16];
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                synchronized (copy) {
                    copy.write(buffer, 0, count);
                }
                out.write(buffer, 0, count);
                out.flush();
            }
        } finally {
            ended.countDown();
            // The end of one way is told to whoever ends the other.
            to.shutdownOutput();
        }
    }

    /** Waits until the client's connection has ended both ways: what was copied then is all that ever passed. */
    public void awaitEnd() throws InterruptedException {
        if (!ended.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("the connection goes on");
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
