package dev.cleave.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** The methods of Python's {@code str} that chat templates call. */
final class PythonText {
    private static final int MAX_CHARACTERS = 8 << 20;

    private PythonText() {}

    /**
     * Calls a method.
     *
     * @return its result, or null where there is no such method for these arguments
     */
    static Object call(String text, String method, Object[] arguments) {
        String first = arguments.length > 0 && arguments[0] != null ? arguments[0].toString() : null;
        switch (method + "/" + arguments.length) {
            case "strip/0":
            case "strip/1":
                return strip(text, first, true, true);
            case "lstrip/0":
            case "lstrip/1":
                return strip(text, first, true, false);
            case "rstrip/0":
            case "rstrip/1":
                return strip(text, first, false, true);
            case "upper/0":
                return text.toUpperCase(Locale.ROOT);
            case "lower/0":
                return text.toLowerCase(Locale.ROOT);
            case "capitalize/0":
                return capitalize(text);
            case "startswith/1":
                return any(arguments[0], text::startsWith);
            case "endswith/1":
                return any(arguments[0], text::endsWith);
            case "title/0":
                return title(text);
            case "split/0":
                return words(text);
            case "split/1":
                return first == null ? words(text) : split(text, first);
            case "replace/2":
                return first == null || arguments[1] == null ? null : replace(text, first, arguments[1].toString());
            case "find/1":
                return first == null ? null : (Object) (long) text.indexOf(first);
            default:
                return null;
        }
    }

    /**
     * Takes characters off the ends.
     *
     * @param characters which, or null for white space
     */
    static String strip(String text, String characters, boolean left, boolean right) {
        int start = 0;
        int end = text.length();
        while (left && start < end && strips(text.codePointAt(start), characters)) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (right && start < end && strips(text.codePointBefore(end), characters)) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(start, end);
    }

    private static boolean strips(int c, String characters) {
        return characters == null ? isSpace(c) : characters.indexOf(c) >= 0;
    }

    /** What Python's str.isspace calls white space: separators of Unicode, and the controls that separate. */
    static boolean isSpace(int c) {
        return c >= 0x09 && c <= 0x0d || c >= 0x1c && c <= 0x1f || c == 0x85 || Character.isSpaceChar(c);
    }

    private static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int width = Character.charCount(text.codePointAt(0));
        return new String(Character.toChars(Character.toTitleCase(text.codePointAt(0))))
                + text.substring(width).toLowerCase(Locale.ROOT);
    }

    /** Python takes one text or a tuple of them. */
    private static Boolean any(Object texts, Predicate<String> test) {
        if (texts instanceof Iterable<?> several) {
            for (Object text : several) {
                if (test.test(String.valueOf(text))) {
                    return true;
                }
            }
            return false;
        }
        return texts == null ? null : (Boolean) test.test(texts.toString());
    }

    private static String title(String text) {
        StringBuilder titled = new StringBuilder(text.length());
        boolean within = false;
        for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            titled.appendCodePoint(within ? Character.toLowerCase(c) : Character.toTitleCase(c));
            within = Character.isLetter(c);
        }
        return titled.toString();
    }

    private static List<String> split(String text, String separator) {
        if (separator.isEmpty()) {
            throw new IllegalArgumentException("an empty separator");
        }
        List<String> parts = new ArrayList<>();
        int done = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, done)) {
            parts.add(text.substring(done, at));
            done = at + separator.length();
        }
        parts.add(text.substring(done));
        return parts;
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int start = -1;
        for (int i = 0, width; i < text.length(); i += width) {
            width = Character.charCount(text.codePointAt(i));
            if (isSpace(text.codePointAt(i))) {
                if (start >= 0) {
                    words.add(text.substring(start, i));
                }
                start = -1;
            } else if (start < 0) {
                start = i;
            }
        }
        if (start >= 0) {
            words.add(text.substring(start));
        }
        return words;
    }

    private static String replace(String text, String what, String with) {
        long most = text.length() + (long) (text.length() + 1) * with.length();
        if (with.length() > what.length() && most > MAX_CHARACTERS && what.length() < with.length()) {
            long count = what.isEmpty() ? text.length() + 1 : split(text, what).size() - 1;
            if (text.length() + count * (with.length() - what.length()) > MAX_CHARACTERS) {
                throw new IllegalArgumentException("replace would make more than " + MAX_CHARACTERS + " characters");
            }
        }
        return text.replace(what, with);
    }
}
