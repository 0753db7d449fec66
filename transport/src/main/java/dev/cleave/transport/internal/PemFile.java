package dev.cleave.transport.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A file of PEM blocks, as OpenSSL writes certificates and keys; text around the blocks is skipped. */
final class PemFile {
    private static final long MOST_BYTES = 1 << 20;
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";
    private static final String CERTIFICATE = "CERTIFICATE";

    /**
     * One block.
     *
     * @param label what it says that it is
     * @param der its contents; none where they are encrypted in OpenSSL's old way
     * @param encrypted whether a passphrase is needed
     */
    record Block(String label, byte[] der, boolean encrypted) {
        boolean isKey() {
            return label.endsWith("PRIVATE KEY");
        }
    }

    private final Path file;
    private final byte[] bytes;
    private final List<Block> blocks;

    private PemFile(Path file, byte[] bytes) throws GeneralSecurityException {
        this.file = file;
        this.bytes = bytes;
        this.blocks = blocks(file, new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /**
     * Reads a file.
     *
     * @throws GeneralSecurityException with a message that names file and fault
     */
    static PemFile read(Path file) throws GeneralSecurityException {
        try {
            long size = Files.size(file);
            if (size > MOST_BYTES) {
                throw new GeneralSecurityException(
                        file + " has " + size + " bytes, more than any file of certificates (" + MOST_BYTES + ")");
            }
            return new PemFile(file, Files.readAllBytes(file));
        } catch (NoSuchFileException missing) {
            throw new GeneralSecurityException("there is no file " + file, missing);
        } catch (IOException failure) {
            throw new GeneralSecurityException(file + " cannot be read (" + failure + ")", failure);
        }
    }

    private static List<Block> blocks(Path file, String text) throws GeneralSecurityException {
        List<Block> found = new ArrayList<>();
        int at = text.indexOf(BEGIN);
        while (at >= 0) {
            int labelEnd = text.indexOf(DASHES, at + BEGIN.length());
            String label = labelEnd < 0 ? "" : text.substring(at + BEGIN.length(), labelEnd);
            int end = labelEnd < 0 ? -1 : text.indexOf("-----END " + label + DASHES, labelEnd);
            if (end < 0) {
                throw new GeneralSecurityException("block " + (found.size() + 1) + " of " + file + " has no end");
            }
            String body = text.substring(labelEnd + DASHES.length(), end);
            boolean encrypted = label.startsWith("ENCRYPTED") || body.contains("Proc-Type: 4,ENCRYPTED");
            found.add(new Block(label, encrypted ? new byte[0] : decode(file, found.size() + 1, body), encrypted));
            at = text.indexOf(BEGIN, end);
        }
        return found;
    }

    private static byte[] decode(Path file, int number, String body) throws GeneralSecurityException {
        try {
            return Base64.getDecoder().decode(body.replaceAll("\\s", ""));
        } catch (IllegalArgumentException malformed) {
            throw new GeneralSecurityException(
                    "block " + number + " of " + file + " is damaged (" + malformed.getMessage() + ")", malformed);
        }
    }

    Path file() {
        return file;
    }

    /** Returns the file's bytes: it may be no PEM file. */
    byte[] bytes() {
        return bytes;
    }

    boolean isPem() {
        return !blocks.isEmpty();
    }

    /** Returns the first private key, or null. */
    Block key() {
        return blocks.stream().filter(Block::isKey).findFirst().orElse(null);
    }

    /**
     * Returns the certificates in their order; empty where there are none.
     *
     * @throws GeneralSecurityException where one is damaged
     */
    List<X509Certificate> certificates() throws GeneralSecurityException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks) {
            if (block.label().equals(CERTIFICATE) || block.label().endsWith(" " + CERTIFICATE)) {
                certificates.add(certificate(block.der(), certificates.size() + 1));
            }
        }
        return certificates;
    }

    private X509Certificate certificate(byte[] der, int number) throws GeneralSecurityException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException damaged) {
            throw new GeneralSecurityException(
                    "certificate " + number + " of " + file + " is damaged (" + damaged.getMessage() + ")", damaged);
        }
    }

    /** Says what the file holds, for a message about what it does not hold. */
    String contents() {
        if (!isPem()) {
            return "it is no PEM file" + (bytes.length > 0 && bytes[0] == 0x30 ? " but looks like DER" : "");
        }
        StringBuilder text = new StringBuilder("it holds ");
        for (int i = 0; i < blocks.size(); i++) {
            text.append(i == 0 ? "" : ", ").append(blocks.get(i).label());
        }
        return text.toString();
    }
}
