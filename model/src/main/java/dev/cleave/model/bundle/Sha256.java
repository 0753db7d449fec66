package dev.cleave.model.bundle;

import java.io.IOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of bytes and files, as 64 hex digits. */
final class Sha256 {
    private static final String HEX = "0123456789abcdef";

    private final MessageDigest digest;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static String of(Path file) throws IOException {
        Sha256 hash = new Sha256();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            hash.add(channel, 0, channel.size());
        }
        return hash.hex();
    }

    void add(byte[] bytes) {
        digest.update(bytes);
    }

    void add(String text) {
        add(text.getBytes(StandardCharsets.UTF_8));
    }

    void add(FileChannel channel, long position, long bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.max(1, Math.min(bytes, 256 << 10)));
        long at = position;
        long end = position + bytes;
        while (at < end) {
            ((Buffer) buffer).clear();
            ((Buffer) buffer).limit((int) Math.min(buffer.capacity(), end - at));
            int read = channel.read(buffer, at);
            if (read < 0) {
                throw new IOException("the file ends at offset=" + at + " instead of " + end);
            }
            at += read;
            ((Buffer) buffer).flip();
            digest.update(buffer);
        }
    }

    String hex() {
        StringBuilder hex = new StringBuilder(64);
        for (byte b : digest.digest()) {
            hex.append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
        }
        return hex.toString();
    }
}
