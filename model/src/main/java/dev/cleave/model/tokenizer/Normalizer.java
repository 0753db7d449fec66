package dev.cleave.model.tokenizer;

import dev.cleave.model.ModelException;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What happens to a piece of text before it is split. */
interface Normalizer {
    /** Changes nothing. */
    Normalizer NONE = text -> text;

    String apply(String text);

    /** Reads the field {@code normalizer}; null is none. */
    static Normalizer in(Section root) {
        return root.has("normalizer") ? of(root.object("normalizer")) : NONE;
    }

    private static Normalizer of(Section section) {
        switch (section.type()) {
            case "Sequence":
                return sequence(section.objects("normalizers"));
            case "NFC":
                return new NormalForm(Form.NFC);
            case "NFD":
                return new NormalForm(Form.NFD);
            case "NFKC":
                return new NormalForm(Form.NFKC);
            case "NFKD":
                return new NormalForm(Form.NFKD);
            case "Lowercase":
                return new Lowercase();
            case "Strip":
                return new Strip(section.flag("strip_left", false), section.flag("strip_right", false));
            case "ByteLevel":
                return ByteAlphabet::write;
            case "Prepend":
                return new Prepend(section.string("prepend"));
            case "Replace":
                return new Replace(Pattern.compile(section.pattern("pattern")), section.string("content"));
            default:
                throw unsupported(section);
        }
    }

    private static ModelException unsupported(Section section) {
        return section.unsupportedType(
                "Sequence, NFC, NFD, NFKC, NFKD, Lowercase, Strip, ByteLevel, Prepend and Replace");
    }

    private static Normalizer sequence(List<Section> sections) {
        List<Normalizer> steps = new ArrayList<>();
        for (Section section : sections) {
            steps.add(of(section));
        }
        return text -> {
            String result = text;
            for (Normalizer step : steps) {
                result = step.apply(result);
            }
            return result;
        };
    }

    /** Lower case, character by character: a final sigma is as any other. */
    record Lowercase() implements Normalizer {
        @Override
        public String apply(String text) {
            StringBuilder lower = new StringBuilder(text.length());
            for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
                c = text.codePointAt(i);
                lower.append(new String(Character.toChars(c)).toLowerCase(Locale.ROOT));
            }
            return lower.toString();
        }
    }

    /** Takes white space off the ends. */
    record Strip(boolean left, boolean right) implements Normalizer {
        @Override
        public String apply(String text) {
            int start = 0;
            int end = text.length();
            while (left && start < end && Characters.isWhiteSpace(text.charAt(start))) {
                start++;
            }
            while (right && end > start && Characters.isWhiteSpace(text.charAt(end - 1))) {
                end--;
            }
            return text.substring(start, end);
        }
    }

    /** Puts a text in front of what is not empty. */
    record Prepend(String prefix) implements Normalizer {
        @Override
        public String apply(String text) {
            return text.isEmpty() ? text : prefix + text;
        }
    }

    /** Replaces every match. */
    record Replace(Pattern pattern, String content) implements Normalizer {
        @Override
        public String apply(String text) {
            return pattern.matcher(text).replaceAll(Matcher.quoteReplacement(content));
        }
    }
}
