package dev.cleave.transport;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the broker is and who we are to it.
 *
 * @param uri {@code tcp://host:port} or {@code ssl://host:port}; without a port 1883 and 8883
 * @param user login, where the broker wants one
 * @param password its secret; never printed
 * @param security how far the connection is trusted
 */
public record BrokerOptions(URI uri, Optional<String> user, Optional<char[]> password, Security security) {
    /**
     * Checks the address.
     *
     * @throws IllegalArgumentException for another scheme, no host, or a path
     */
    public BrokerOptions {
        if (uri.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "a broker's address must not hold a login, which would be printed; give user and password apart");
        }
        boolean known = "tcp".equals(uri.getScheme()) || "ssl".equals(uri.getScheme());
        boolean bare = uri.getPath() == null || uri.getPath().isEmpty() || "/".equals(uri.getPath());
        if (!known || uri.getHost() == null || !bare) {
            throw new IllegalArgumentException(
                    "broker '" + uri + "' is not an address of the form tcp://host:port or ssl://host:port");
        }
        Objects.requireNonNull(security);
    }

    /** Trusts as {@link Security#DEFAULT} does. */
    public BrokerOptions(URI uri, Optional<String> user, Optional<char[]> password) {
        this(uri, user, password, Security.DEFAULT);
    }

    /**
     * How far a connection is trusted.
     *
     * @param trust certificates that a TLS broker's must lead to: a PEM file, or a key store (PKCS #12, JKS) that opens
     *     without a password; those of the Java runtime where empty
     * @param certificate PEM file of the certificate by which a TLS broker knows this client, and of those between it and its
     *     authority; none where empty
     * @param key PEM file of the certificate's private key, not encrypted; where empty it stands beside the certificate
     * @param plainPassword whether a password may cross a network without TLS
     */
    public record Security(
            Optional<Path> trust, Optional<Path> certificate, Optional<Path> key, boolean plainPassword) {
        /** The runtime's certificates, none of one's own, and no password in the clear except to this machine. */
        public static final Security DEFAULT =
                new Security(Optional.empty(), Optional.empty(), Optional.empty(), false);

        /**
         * Checks that a key has its certificate.
         *
         * @throws IllegalArgumentException where it has none
         */
        public Security {
            if (key.isPresent() && !certificate.isPresent()) {
                throw new IllegalArgumentException(
                        "key " + key.get() + " stands alone; name the certificate that it belongs to as well");
            }
        }
    }

    /** Returns options without a login. */
    public static BrokerOptions of(String uri) {
        return new BrokerOptions(URI.create(uri), Optional.empty(), Optional.empty());
    }

    /** Returns whether the connection is encrypted. */
    public boolean tls() {
        return "ssl".equals(uri.getScheme());
    }

    /** Returns the port, the scheme's own where the address has none. */
    public int port() {
        return uri.getPort() >= 0 ? uri.getPort() : tls() ? 8883 : 1883;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BrokerOptions that
                && uri.equals(that.uri)
                && user.equals(that.user)
                && Arrays.equals(password.orElse(null), that.password.orElse(null))
                && security.equals(that.security);
    }

    @Override
    public int hashCode() {
        return 31 * uri.hashCode() + user.hashCode();
    }

    @Override
    public String toString() {
        return uri + (user.isPresent() ? " as " + user.get() : "");
    }
}
