package dev.cleave.transport.internal;

import dev.cleave.transport.BrokerOptions;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;

/** What a failed TLS handshake means to a user. */
final class TlsFailures {
    private TlsFailures() {}

    static String why(BrokerOptions broker, Party party, Throwable failure) {
        String certificate = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof CertificateExpiredException) {
                return "its certificate, or one that this leads to, has expired (" + message
                        + "); have a new one made, or is this machine's clock wrong?";
            }
            if (cause instanceof CertificateNotYetValidException) {
                return "its certificate is not valid yet (" + message + "); is this machine's clock right?";
            }
            if (cause instanceof CertPathBuilderException) {
                return "its certificate is not trusted (" + message + "); name the certificate of the authority that"
                        + " issued it, a PEM file, by " + party.option("trust");
            }
            if (cause instanceof CertificateException) {
                certificate = message;
            }
            if (cause instanceof TlsSocket.Ended && ((TlsSocket.Ended) cause).spoken()) {
                return alert(broker, party, "it ended the handshake at its certificate: " + message);
            }
            if (cause instanceof TlsSocket.Ended
                    || message.contains("unrecognized SSL message")
                    || message.contains("plaintext connection")) {
                return "what answers there does not speak TLS; is the port that of its TLS listener, or must the address be tcp://?";
            }
            if (message.contains("fatal alert:")) {
                return alert(broker, party, message.substring(message.indexOf("fatal alert:")));
            }
        }
        if (certificate != null && certificate.startsWith("No ")) {
            return "its certificate is for another host than " + broker.uri().getHost() + " (" + certificate
                    + "); use an address that the certificate names";
        }
        return certificate != null ? "its certificate is refused (" + certificate + ")" : root(failure);
    }

    private static String alert(BrokerOptions broker, Party party, String alert) {
        boolean own = broker.security().certificate().isPresent();
        if (alert.contains("certificate")
                || alert.contains("unknown_ca")
                || !own && alert.contains("handshake_failure")) {
            return own
                    ? "the broker does not accept the certificate in "
                            + broker.security().certificate().get() + " (" + alert
                            + "); it must lead to an authority that the broker knows"
                    : "the broker asks for a certificate (" + alert + "); name one by " + party.option("certificate")
                            + " and " + party.option("key");
        }
        return "the broker ended it (" + alert + ")";
    }

    private static String root(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
