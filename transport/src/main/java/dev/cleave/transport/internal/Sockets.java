package dev.cleave.transport.internal;

import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.Timeouts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Makes the sockets of one link. Paho asks for unconnected ones only. */
final class Sockets extends SocketFactory {
    private final SocketTraffic traffic;
    private final Runnable broken;
    private final SSLContext context;
    private final int connectMillis;
    private volatile CountingSocket last;
    private volatile TlsSocket lastTls;

    /**
     * Reads the certificates and keys of the connection.
     *
     * @throws GeneralSecurityException where the files of certificates and keys are not as they must be
     */
    Sockets(BrokerOptions broker, Timeouts timeouts, SocketTraffic traffic, Runnable broken)
            throws GeneralSecurityException {
        this.connectMillis =
                (int) Math.max(1, Math.min(Integer.MAX_VALUE, timeouts.connect().toMillis()));
        this.traffic = traffic;
        this.broken = broken;
        this.context = broker.tls() ? TlsContext.of(broker.security()) : null;
    }

    @Override
    public Socket createSocket() throws IOException {
        CountingSocket raw = new CountingSocket(traffic, broken);
        last = raw;
        if (context == null) {
            return raw;
        }
        lastTls = new TlsSocket(raw, context, connectMillis);
        return lastTls;
    }

    /** Returns why TLS failed after its handshake, or null. */
    SSLException tlsFailure() {
        TlsSocket current = lastTls;
        return current == null ? null : current.failure();
    }

    /** Ends the connection without a word to the broker. */
    void cut() {
        CountingSocket current = last;
        if (current != null) {
            try {
                current.close();
            } catch (IOException gone) {
                // Which was the purpose.
            }
        }
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw new UnsupportedOperationException();
    }
}
