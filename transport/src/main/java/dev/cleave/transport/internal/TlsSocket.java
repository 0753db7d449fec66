package dev.cleave.transport.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** TLS over a counting socket, so that what is counted is what the wire carries. The server's name is verified. */
final class TlsSocket extends Socket {
    private final Socket raw;
    private final SSLContext context;
    private final int handshakeMillis;
    private SSLSocket tls;

    TlsSocket(Socket raw, SSLContext context, int handshakeMillis) {
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
        tls.startHandshake();
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return tls.getInputStream();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return tls.getOutputStream();
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
}
