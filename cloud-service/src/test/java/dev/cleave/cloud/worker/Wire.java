package dev.cleave.cloud.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A wire to a broker that can be cut, so that neither end says goodbye. */
final class Wire implements AutoCloseable {
    private final URI broker;
    private final ServerSocket server;
    private final List<Socket> ends = new CopyOnWriteArrayList<>();

    private Wire(URI broker, ServerSocket server) {
        this.broker = broker;
        this.server = server;
    }

    static Wire to(URI broker) throws IOException {
        Wire wire = new Wire(broker, new ServerSocket(0, 8, InetAddress.getLoopbackAddress()));
        start(wire::accept);
        return wire;
    }

    URI uri() {
        return URI.create("tcp://127.0.0.1:" + server.getLocalPort());
    }

    private void accept() throws IOException {
        while (true) {
            Socket device = server.accept();
            Socket there = new Socket(broker.getHost(), broker.getPort());
            ends.add(device);
            ends.add(there);
            start(() -> copy(device.getInputStream(), there.getOutputStream()));
            start(() -> copy(there.getInputStream(), device.getOutputStream()));
        }
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[8192];
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            to.write(buffer, 0, read);
        }
    }

    /** Cuts what is connected, and lets nobody connect again. */
    void cut() throws IOException {
        server.close();
        for (Socket end : ends) {
            if (!end.isClosed()) {
                // Reset, as when a machine is gone.
                end.setSoLinger(true, 0);
                end.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        cut();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException config) {
                // The wire was cut, or one end closed.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
