package dev.cleave.generation.link;

import java.security.SecureRandom;

/** Names that no two sessions of a device share, and that nobody predicts. */
public final class SessionNames {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final int LENGTH = 8;
    private static final SecureRandom RANDOM = new SecureRandom();

    private SessionNames() {}

    public static String next() {
        StringBuilder name = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            name.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        }
        return name.toString();
    }
}
