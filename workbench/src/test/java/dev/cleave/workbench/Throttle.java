package dev.cleave.workbench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands before a broker. What a device sends passes at a bandwidth that may change at any time; answers pass at once. */
final class Throttle implements AutoCloseable {
    private static final int PIECE = 64;

    private final ServerSocket server;
    private final URI broker;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile double bytesPerMilli = Double.MAX_VALUE;
    private volatile boolean stalled;

    Throttle(URI broker) {
        this.broker = broker;
        try {
            server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    /** Returns the address to connect to in the broker's place. */
    String uri() {
        return "tcp://127.0.0.1:" + server.getLocalPort();
    }

    /** Sets the bandwidth upwards. */
    void bytesPerMilli(double rate) {
        bytesPerMilli = rate;
    }

    /** Lets nothing pass any more, and breaks nothing. */
    void stall() {
        stalled = true;
    }

    private void accept() {
        try {
            while (true) {
                Socket device = server.accept();
                Socket there = new Socket(broker.getHost(), broker.getPort());
                device.setTcpNoDelay(true);
                there.setTcpNoDelay(true);
                sockets.addAll(List.of(device, there));
                daemon(() -> pass(device, there, true));
                daemon(() -> pass(there, device, false));
            }
        } catch (IOException closed) {
            // The end of the test.
        }
    }

    private void pass(Socket from, Socket to, boolean slowly) {
        byte[] piece = new byte[PIECE];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int bytes = in.read(piece); bytes >= 0; bytes = in.read(piece)) {
                if (slowly) {
                    Thread.sleep(Math.round(bytes / bytesPerMilli));
                }
                while (stalled) {
                    Thread.sleep(10);
                }
                out.write(piece, 0, bytes);
                out.flush();
            }
        } catch (IOException broken) {
            // One end is gone; both sockets are closed, so that the other learns of it.
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "throttle");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
