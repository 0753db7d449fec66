package dev.cleave.transport.internal;

import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.Timeouts;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Makes the sockets of one link. Paho asks for unconnected ones only. */
final class Sockets extends SocketFactory {
    private final SocketTraffic traffic;
    private final Runnable broken;
    private final SSLContext context;
    private final int connectMillis;
    private volatile CountingSocket last;

    /**
     * Reads what the broker's certificate must lead to.
     *
     * @throws IOException where the trust file cannot be read
     * @throws GeneralSecurityException where it holds no certificates
     */
    Sockets(BrokerOptions broker, Timeouts timeouts, SocketTraffic traffic, Runnable broken)
            throws IOException, GeneralSecurityException {
        this.connectMillis =
                (int) Math.max(1, Math.min(Integer.MAX_VALUE, timeouts.connect().toMillis()));
        this.traffic = traffic;
        this.broken = broken;
        this.context = broker.tls() ? context(broker.security()) : null;
    }

    private static SSLContext context(BrokerOptions.Security security) throws IOException, GeneralSecurityException {
        if (!security.trust().isPresent()) {
            return SSLContext.getDefault();
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(certificates(security.trust().get()));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore certificates(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        try (InputStream in = Files.newInputStream(file)) {
            store.load(null, null);
            int count = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("trusted-" + count++, certificate);
            }
            if (count > 0) {
                return store;
            }
        } catch (GeneralSecurityException noPem) {
            // Not a PEM file: a key store then.
        }
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, null);
        }
        return store;
    }

    @Override
    public Socket createSocket() throws IOException {
        CountingSocket raw = new CountingSocket(traffic, broken);
        last = raw;
        return context == null ? raw : new TlsSocket(raw, context, connectMillis);
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
