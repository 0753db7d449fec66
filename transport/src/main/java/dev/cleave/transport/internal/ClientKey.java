package dev.cleave.transport.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;

/** A private key as OpenSSL writes it: PKCS #8, or the older forms of RSA (PKCS #1) and EC (SEC 1) keys. */
final class ClientKey {
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

    private ClientKey() {}

    /**
     * Reads the key that belongs to a certificate.
     *
     * @param certified the certificate's public key
     * @throws GeneralSecurityException with a message that names file and fault
     */
    static PrivateKey read(PemFile pem, PublicKey certified) throws GeneralSecurityException {
        PemFile.Block block = pem.key();
        if (block == null) {
            throw new GeneralSecurityException("there is no private key in " + pem.file() + ": " + pem.contents());
        }
        if (block.encrypted()) {
            throw new GeneralSecurityException("the private key in " + pem.file()
                    + " is encrypted, and there is nobody to ask for its passphrase; write it without one"
                    + " (openssl pkey -in KEY -out PLAIN) into a file that only its owner can read");
        }
        String algorithm = certified.getAlgorithm();
        byte[] pkcs8 = block.label().equals("PRIVATE KEY") ? block.der() : wrapped(block.der(), certified);
        try {
            PrivateKey key = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            if (belongs(key, certified)) {
                return key;
            }
        } catch (InvalidKeySpecException anotherKind) {
            throw new GeneralSecurityException(
                    "the " + block.label() + " in " + pem.file() + " is damaged, or no " + algorithm
                            + " key, which the certificate is for",
                    anotherKind);
        }
        throw new GeneralSecurityException("the private key in " + pem.file()
                + " does not belong to the certificate; name the two that were made" + " together");
    }

    /** The older forms do not say which algorithm they are for, or say it elsewhere; the certificate's key does. */
    private static byte[] wrapped(byte[] der, PublicKey certified) throws InvalidKeySpecException {
        return tagged(SEQUENCE, VERSION_0, algorithm(certified.getEncoded()), tagged(OCTETS, der));
    }

    /** Returns the first element of the sequence that a SubjectPublicKeyInfo is. */
    private static byte[] algorithm(byte[] publicKey) throws InvalidKeySpecException {
        ByteBuffer in = ByteBuffer.wrap(publicKey);
        in.get();
        length(in);
        int begin = ((java.nio.Buffer) in).position();
        in.get();
        int length = length(in);
        byte[] element = new byte[((java.nio.Buffer) in).position() - begin + length];
        System.arraycopy(publicKey, begin, element, 0, element.length);
        return element;
    }

    private static int length(ByteBuffer in) {
        int first = in.get() & 0xFF;
        int length = first < 0x80 ? first : 0;
        for (int i = 0x80; i < first; i++) {
            length = length << 8 | in.get() & 0xFF;
        }
        return length;
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >> 8 * i);
            }
        }
        for (byte[] part : parts) {
            out.write(part, 0, part.length);
        }
        return out.toByteArray();
    }

    private static boolean belongs(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        String algorithm = certified.getAlgorithm();
        String signing =
                algorithm.equals("RSA") ? "SHA256withRSA" : algorithm.equals("EC") ? "SHA256withECDSA" : algorithm;
        Signature signature = Signature.getInstance(signing);
        signature.initSign(key);
        signature.update(VERSION_0);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(VERSION_0);
        try {
            return signature.verify(signed);
        } catch (java.security.SignatureException otherLength) {
            return false;
        }
    }
}
