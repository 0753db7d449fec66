package dev.cleave.model.checkpoint;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recognizes what downloads leave in place of a checkpoint's file: Git LFS pointers, HTML pages, nothing at all, and files of
 * another format under its name. A parser would only find that its first byte is wrong.
 */
final class FalseContent {
    /** How many bytes at the beginning of a file are enough, bytes. */
    static final int HEAD = 1024;

    private static final Pattern LFS_SIZE = Pattern.compile("(?m)^size (\\d{1,18})$");

    /** Not every file that begins with an angle is one: chat templates may begin with a token. */
    private static final Pattern PAGE = Pattern.compile("(?i)\\s*<(!doctype|html|head|body|\\?xml|error>|!--)");

    private FalseContent() {}

    /**
     * Refuses a file that is something else.
     *
     * @param file for the message
     * @param head its first bytes, {@value #HEAD} or all
     * @param size of the whole file, bytes
     * @throws ModelException with {@code MALFORMED}, saying what it is and what to do
     */
    static void refuse(Path file, byte[] head, long size) {
        String text = new String(head, 0, Math.min(head.length, HEAD), StandardCharsets.ISO_8859_1);
        String problem = text.isEmpty() ? "is empty. Is the download complete?" : problem(text, size);
        if (problem != null) {
            throw new ModelException(Reason.MALFORMED, file + ": " + problem);
        }
    }

    private static String problem(String text, long size) {
        if (text.startsWith("version https://git-lfs") || text.startsWith("version https://hawser")) {
            Matcher real = LFS_SIZE.matcher(text);
            return "is a Git LFS pointer of " + size + " bytes, not the file itself"
                    + (real.find() ? ", which has " + real.group(1) + " bytes" : "")
                    + ". Run \"git lfs install\" and \"git lfs pull\" in its folder, or download the file again";
        }
        String begun = text.startsWith("\u00ef\u00bb\u00bf") ? text.substring(3) : text;
        if (PAGE.matcher(begun).lookingAt()) {
            return "is an HTML or XML page, not the file itself: the server answered with a login or an error."
                    + " Download the file again; a gated model needs an access token";
        }
        if (text.startsWith("PK\u0003\u0004") || text.startsWith("\u0080\u0002")) {
            return "is a ZIP archive or a pickle of PyTorch under another name; " + Conversion.HOW;
        }
        if (text.startsWith("GGUF")) {
            return "is a GGUF file under another name; take the model's Hugging Face checkpoint";
        }
        if (text.startsWith("\u001f\u008b")) {
            return "is compressed by gzip; unpack it first";
        }
        if (text.length() == HEAD && text.chars().allMatch(c -> c == 0)) {
            return "begins with " + HEAD + " zero bytes. Is the download complete?";
        }
        return null;
    }

    /** Returns what the first bytes say where they are text, for a file that should not begin so; else nothing. */
    static String quoted(byte[] head) {
        String text = new String(head, 0, Math.min(head.length, 60), StandardCharsets.ISO_8859_1);
        boolean readable = text.chars().allMatch(c -> c >= 0x20 && c < 0x7f || c == '\n' || c == '\r' || c == '\t');
        return readable ? ": it begins with the text \"" + text.trim().replaceAll("\\s+", " ") + "\"" : "";
    }
}
