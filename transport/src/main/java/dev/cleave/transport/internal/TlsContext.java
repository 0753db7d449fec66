package dev.cleave.transport.internal;

import dev.cleave.transport.BrokerOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Whom a TLS connection trusts, and how it says who it is itself. */
final class TlsContext {
    private static final char[] NO_PASSWORD = {};

    private TlsContext() {}

    /**
     * Makes the context.
     *
     * @throws GeneralSecurityException with a message that names file and fault
     */
    static SSLContext of(BrokerOptions.Security security) throws GeneralSecurityException {
        if (!security.trust().isPresent() && !security.certificate().isPresent()) {
            return SSLContext.getDefault();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        // None: those of the Java runtime.
        TrustManager[] trust =
                security.trust().isPresent() ? trust(security.trust().get()) : null;
        KeyManager[] keys = security.certificate().isPresent()
                ? keys(
                        security.certificate().get(),
                        security.key().orElse(security.certificate().get()))
                : null;
        context.init(keys, trust, null);
        return context;
    }

    private static TrustManager[] trust(Path file) throws GeneralSecurityException {
        PemFile pem = PemFile.read(file);
        KeyStore store = pem.isPem() ? store(pem, pem.certificates()) : binary(pem);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore store(PemFile pem, List<? extends Certificate> certificates)
            throws GeneralSecurityException {
        if (certificates.isEmpty()) {
            throw new GeneralSecurityException("there is no certificate in " + pem.file() + ": " + pem.contents());
        }
        KeyStore store = empty();
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("trusted-" + i, certificates.get(i));
        }
        return store;
    }

    private static KeyStore empty() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        try {
            store.load(null, null);
        } catch (IOException impossible) {
            throw new GeneralSecurityException(impossible);
        }
        return store;
    }

    /** One certificate in DER, or a key store that opens without a password. */
    private static KeyStore binary(PemFile file) throws GeneralSecurityException {
        try {
            Certificate der =
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(file.bytes()));
            return store(file, List.of(der));
        } catch (CertificateException noCertificate) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            try {
                store.load(new ByteArrayInputStream(file.bytes()), null);
            } catch (IOException | CertificateException noStore) {
                throw new GeneralSecurityException(
                        "there is no certificate in " + file.file() + ": " + file.contents()
                                + "; it must be a PEM file, or a key store without a password",
                        noStore);
            }
            if (store.size() == 0) {
                throw new GeneralSecurityException(
                        "the key store " + file.file() + " shows no certificate without a password", noCertificate);
            }
            return store;
        }
    }

    private static KeyManager[] keys(Path certificateFile, Path keyFile) throws GeneralSecurityException {
        PemFile pem = PemFile.read(certificateFile);
        List<X509Certificate> chain = pem.certificates();
        if (chain.isEmpty()) {
            throw new GeneralSecurityException("there is no certificate in " + certificateFile + ": " + pem.contents());
        }
        X509Certificate own = chain.get(0);
        try {
            own.checkValidity();
        } catch (CertificateExpiredException expired) {
            throw new GeneralSecurityException(
                    "the certificate in " + certificateFile + " expired on "
                            + own.getNotAfter().toInstant() + "; have a new one made",
                    expired);
        } catch (CertificateNotYetValidException early) {
            throw new GeneralSecurityException(
                    "the certificate in " + certificateFile + " is not valid before "
                            + own.getNotBefore().toInstant() + "; is this machine's clock right?",
                    early);
        }
        PrivateKey key = ClientKey.read(PemFile.read(keyFile), own.getPublicKey());
        KeyStore store = empty();
        store.setKeyEntry("own", key, NO_PASSWORD, chain.toArray(new Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }
}
