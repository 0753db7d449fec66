package dev.cleave.model.tokenizer;

import java.nio.charset.StandardCharsets;

/**
 * The 256 characters by which byte-level vocabularies write bytes: printable Latin-1 stands for itself, the rest takes
 * U+0100 and following. Source: the encoder published with GPT-2 (Radford et al., 2019).
 */
final class ByteAlphabet {
    private static final char[] CHARACTERS = new char[256];
    private static final short[] BYTES = new short[0x200];

    static {
        java.util.Arrays.fill(BYTES, (short) -1);
        int moved = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae;
            CHARACTERS[b] = (char) (printable ? b : moved++);
            BYTES[CHARACTERS[b]] = (short) b;
        }
    }

    private ByteAlphabet() {}

    /** Returns the text's UTF-8 bytes, one character each. */
    static String write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        char[] characters = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            characters[i] = CHARACTERS[bytes[i] & 0xff];
        }
        return new String(characters);
    }

    /** Returns the bytes that a token stands for; where it holds a character of no byte, its own UTF-8. */
    static byte[] read(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            char c = token.charAt(i);
            if (c >= BYTES.length || BYTES[c] < 0) {
                return token.getBytes(StandardCharsets.UTF_8);
            }
            bytes[i] = (byte) BYTES[c];
        }
        return bytes;
    }
}
