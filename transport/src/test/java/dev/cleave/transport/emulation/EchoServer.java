package dev.cleave.transport.emulation;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends back what it reads, or a byte for so many, on a free port of loopback; what stands behind a {@link ShapedProxy} when the
 * link itself is measured.
 */
public final class EchoServer implements AutoCloseable {
    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /** Bytes that one byte answers; 0 where all are sent back. */
    private final int whole;

    private EchoServer(ServerSocket server, int whole) {
        this.server = server;
        this.whole = whole;
    }

    /** Sends back all that comes. */
    public static EchoServer start() throws IOException {
        return answering(0);
    }

    /**
     * Answers each so many bytes with one.
     *
     * @param whole bytes, at least 1; 0 sends back all
     */
    public static EchoServer answering(int whole) throws IOException {
        EchoServer echo = new EchoServer(new ServerSocket(0, 256, InetAddress.getLoopbackAddress()), whole);
        echo.daemon("echo-accept", echo::accept);
        return echo;
    }

    /** Returns where clients connect. */
    public URI uri() {
        return URI.create("tcp://127.0.0.1:" + server.getLocalPort());
    }

    /** Returns the number of connections. */
    public int connections() {
        return sockets.size();
    }

    private void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                daemon("echo", () -> serve(socket));
            }
        } catch (IOException closed) {
            // Nobody is served any more.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            if (whole == 0) {
                socket.getInputStream().transferTo(socket.getOutputStream());
            }
            while (whole > 0 && socket.getInputStream().readNBytes(whole).length == whole) {
                socket.getOutputStream().write(1);
            }
        } catch (IOException gone) {
            // The client broke off.
        } finally {
            sockets.remove(socket);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
