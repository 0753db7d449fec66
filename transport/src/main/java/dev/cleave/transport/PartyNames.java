package dev.cleave.transport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names of devices and workers that nobody has chosen: unique at a broker, also where every process has the number 1 and every
 * host the same name, as in containers.
 */
public final class PartyNames {
    /** Name of the file, in the folder of a program's state, that holds the installation's id. */
    public static final String FILE = "installation-id";

    private static final int MOST_PREFIX = 5;
    private static final int ID_CHARACTERS = 5;
    private static final int PROCESS_CHARACTERS = 4;
    private static final Pattern ID = Pattern.compile("[0-9a-z]{" + ID_CHARACTERS + "}");
    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Tells processes apart that share a folder. */
    private static final String PROCESS = random(PROCESS_CHARACTERS);

    /** In place of the installation's, where that cannot be kept. */
    private static final String UNKEPT = random(ID_CHARACTERS);

    private PartyNames() {}

    /**
     * Returns a name of the installation and this process; the same at every call.
     *
     * @param prefix says what it is; characters that may not stand in a name are left out, and all after the fifth
     * @param home folder of the installation's state, made where it is not there; where it cannot be written, or is empty, the id is
     *     chosen anew for each process
     * @return 11 to 16 characters: {@code prefix-id-process}
     */
    public static String of(String prefix, Optional<Path> home) {
        String usable = prefix.replaceAll("[^A-Za-z0-9_-]", "");
        return usable.substring(0, Math.min(MOST_PREFIX, usable.length()))
                + "-"
                + home.flatMap(PartyNames::kept).orElse(UNKEPT)
                + "-"
                + PROCESS;
    }

    private static Optional<String> kept(Path home) {
        try {
            Path file = home.resolve(FILE);
            Optional<String> known = read(file);
            if (known.isPresent()) {
                return known;
            }
            Files.createDirectories(home);
            Path part = Files.createTempFile(home, FILE, ".part");
            try {
                Files.write(part, (UNKEPT + "\n").getBytes(StandardCharsets.US_ASCII));
                move(part, file);
            } finally {
                Files.deleteIfExists(part);
            }
            // That of another process where two begin at once.
            return read(file);
        } catch (IOException | RuntimeException unwritable) {
            return Optional.empty();
        }
    }

    /** Whoever reads the file finds all of it, or none. */
    private static void move(Path part, Path file) throws IOException {
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException plain) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Optional<String> read(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > 2 * ID_CHARACTERS) {
            return Optional.empty();
        }
        String id = new String(Files.readAllBytes(file), StandardCharsets.US_ASCII).trim();
        return ID.matcher(id).matches() ? Optional.of(id) : Optional.empty();
    }

    private static String random(int characters) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < characters; i++) {
            text.append(DIGITS.charAt(RANDOM.nextInt(DIGITS.length())));
        }
        return text.toString();
    }
}
