package dev.cleave.transport.internal;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/**
 * A TCP socket without Nagle's delay that counts, and that says at once when it breaks: Paho takes a tenth of a second and
 * more to.
 */
final class CountingSocket extends Socket {
    /** Paho reads byte by byte: without a buffer that is a system call for each. */
    private static final int BUFFER = 8192;

    private final SocketTraffic traffic;
    private final Runnable broken;
    private InputStream input;
    private volatile boolean heard;

    CountingSocket(SocketTraffic traffic, Runnable broken) throws SocketException {
        this.traffic = traffic;
        this.broken = broken;
        setTcpNoDelay(true);
    }

    /** Returns whether any byte has come. */
    boolean heard() {
        return heard;
    }

    @Override
    public synchronized InputStream getInputStream() throws IOException {
        if (input == null) {
            input = new BufferedInputStream(new CountingInput(super.getInputStream()), BUFFER);
        }
        return input;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new CountingOutput(super.getOutputStream());
    }

    private final class CountingInput extends FilterInputStream {
        CountingInput(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            throw new IOException("unbuffered read");
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count;
            try {
                count = in.read(into, offset, length);
            } catch (SocketTimeoutException quiet) {
                throw quiet;
            } catch (IOException failure) {
                broken.run();
                throw failure;
            }
            if (count < 0) {
                broken.run();
            } else {
                heard = true;
                traffic.received(count);
            }
            return count;
        }
    }

    private final class CountingOutput extends FilterOutputStream {
        CountingOutput(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            try {
                out.write(from, offset, length);
            } catch (IOException failure) {
                broken.run();
                throw failure;
            }
            traffic.sent(length);
        }
    }
}
