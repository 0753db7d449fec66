package dev.cleave.transport.internal;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** TLS over a counting socket, so that what is counted is what the wire carries. The server's name is verified. */
final class TlsSocket extends Socket {
    private final CountingSocket raw;
    private final SSLContext context;
    private final int handshakeMillis;
    /** The other end closed the connection in the middle of the handshake. */
    static final class Ended extends SSLException {
        private static final long serialVersionUID = 1L;
        private final boolean spoken;

        Ended(IOException cause, boolean spoken) {
            super(cause.getMessage(), cause);
            this.spoken = spoken;
        }

        /** Returns whether anything came before. */
        boolean spoken() {
            return spoken;
        }
    }

    private SSLSocket tls;
    private volatile SSLException failure;

    TlsSocket(CountingSocket raw, SSLContext context, int handshakeMillis) {
        this.raw = raw;
        this.context = context;
        this.handshakeMillis = handshakeMillis;
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
        InetSocketAddress address = (InetSocketAddress) endpoint;
        raw.connect(address, timeout);
        tls = (SSLSocket)
                context.getSocketFactory().createSocket(raw, address.getHostString(), address.getPort(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        // Paho's own time limit has seconds only.
        tls.setSoTimeout(handshakeMillis);
        try {
            tls.startHandshake();
        } catch (SocketException broken) {
            throw new Ended(broken, raw.heard());
        } catch (SSLHandshakeException failed) {
            if (failed.getCause() instanceof EOFException) {
                throw new Ended(failed, raw.heard());
            }
            throw failed;
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new AlertInput(tls.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new AlertOutput(tls.getOutputStream());
    }

    /** Returns why TLS failed after the handshake, or null: a broker judges a client's certificate behind it. */
    SSLException failure() {
        return failure;
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        tls.setSoTimeout(millis);
    }

    @Override
    public void shutdownInput() throws IOException {
        // Paho calls it before close, and does not close where it throws; this end of the outer socket was never
        // connected.
        if (!raw.isClosed() && raw.isConnected()) {
            raw.shutdownInput();
        }
    }

    @Override
    public void close() throws IOException {
        // Without TLS's goodbye, which would wait for whoever is writing; MQTT has said it already.
        raw.close();
    }

    private final class AlertInput extends FilterInputStream {
        AlertInput(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return in.read();
            } catch (SSLException alert) {
                failure = alert;
                throw alert;
            }
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            try {
                return in.read(into, offset, length);
            } catch (SSLException alert) {
                failure = alert;
                throw alert;
            }
        }
    }

    private final class AlertOutput extends FilterOutputStream {
        AlertOutput(OutputStream out) {
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
            } catch (SocketException broken) {
                listen();
                throw broken;
            }
        }

        /** What the other end said before it closed is still to be read. */
        private void listen() {
            try {
                if (failure == null && TlsSocket.this.getInputStream().read() >= 0) {
                    return;
                }
            } catch (IOException ended) {
                // An alert is kept where it was read.
            }
        }
    }
}
