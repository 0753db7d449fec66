package dev.cleave.transport.emulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A client of an echo, through a link. */
final class Client implements AutoCloseable {
    static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;

    Client(URI uri) throws IOException {
        socket = new Socket(uri.getHost(), uri.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    static byte[] payload(long seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Sends from a thread of its own, as the echo stops reading when nobody reads it. */
    CompletableFuture<Void> send(byte[] bytes) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        socket.getOutputStream().write(bytes);
                    } catch (IOException broken) {
                        throw new UncheckedIOException(broken);
                    }
                },
                task -> new Thread(task, "client-send").start());
    }

    byte[] receive(int size) throws IOException {
        return socket.getInputStream().readNBytes(size);
    }

    /** Sends, receives as many bytes, checks that they are the same, and returns how long it took, in ms. */
    double roundTrip(byte[] bytes) throws Exception {
        long begin = System.nanoTime();
        CompletableFuture<Void> sent = send(bytes);
        byte[] back = receive(bytes.length);
        double millis = (System.nanoTime() - begin) / 1e6;
        sent.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        assertThat(back).isEqualTo(bytes);
        return millis;
    }

    boolean silentFor(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            socket.getInputStream().read();
            return false;
        } catch (SocketTimeoutException silent) {
            return true;
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    /** Waits for the end of the stream, in order or not. */
    boolean ends() throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    void endSending() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
