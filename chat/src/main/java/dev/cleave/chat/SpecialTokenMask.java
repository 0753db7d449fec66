package dev.cleave.chat;

import dev.cleave.model.ChatMessage;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.TextPart;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Disguises special tokens in messages: the first character of each becomes a noncharacter, which no text should hold and
 * which templates treat as any letter. Afterwards each of these tells where somebody had written a special token.
 */
final class SpecialTokenMask {
    private static final char FIRST_NONCHARACTER = '\ufdd0';
    private static final char LAST_NONCHARACTER = '\ufdef';

    private final List<String> tokens;

    SpecialTokenMask(Collection<String> tokens) {
        this.tokens = new ArrayList<>(tokens);
        this.tokens.removeIf(String::isEmpty);
        this.tokens.sort(Comparator.comparingInt(String::length).reversed());
    }

    /** Returns the messages in disguise, with noncharacters that neither they nor the template hold. */
    Disguise disguise(String template, List<ChatMessage> messages) {
        Disguise disguise = new Disguise(template, messages);
        for (ChatMessage message : messages) {
            disguise.add(message);
        }
        return disguise;
    }

    /** What was disguised, and as what. */
    final class Disguise {
        private final List<ChatMessage> messages = new ArrayList<>();
        private final StringBuilder masks = new StringBuilder();
        private final StringBuilder originals = new StringBuilder();
        private final StringBuilder free = new StringBuilder();

        private Disguise(String template, List<ChatMessage> given) {
            for (char c = FIRST_NONCHARACTER; c <= LAST_NONCHARACTER; c++) {
                char mask = c;
                if (template.indexOf(c) < 0
                        && given.stream().noneMatch(message -> message.content().indexOf(mask) >= 0)) {
                    free.append(c);
                }
            }
        }

        List<ChatMessage> messages() {
            return messages;
        }

        private void add(ChatMessage message) {
            StringBuilder content = new StringBuilder(message.content());
            for (String token : tokens) {
                for (int at = content.indexOf(token); at >= 0; at = content.indexOf(token, at + 1)) {
                    content.setCharAt(at, mask(token.charAt(0)));
                }
            }
            // Jinjava takes the text "false" for false; in Jinja2 every text that is not empty is true.
            int first = content.length()
                    - PythonText.strip(content.toString(), null, true, false).length();
            if (content.toString().trim().equalsIgnoreCase("false")) {
                content.setCharAt(first, mask(content.charAt(first)));
            }
            messages.add(new ChatMessage(message.role(), content.toString()));
        }

        private char mask(char original) {
            int known = originals.indexOf(String.valueOf(original));
            if (known >= 0) {
                return masks.charAt(known);
            }
            if (masks.length() == free.length()) {
                throw new ModelException(
                        Reason.UNSUPPORTED,
                        "the messages hold special tokens that begin with more than " + free.length()
                                + " characters; take some of them out");
            }
            originals.append(original);
            masks.append(free.charAt(masks.length()));
            return masks.charAt(masks.length() - 1);
        }

        /** Returns a rendered text with the disguises undone; each of them is literal. */
        List<TextPart> reveal(String rendered) {
            List<TextPart> parts = new ArrayList<>();
            int done = 0;
            for (int i = 0; i < rendered.length(); i++) {
                int mask = masks.indexOf(String.valueOf(rendered.charAt(i)));
                if (mask >= 0) {
                    parts.add(TextPart.markup(rendered.substring(done, i)));
                    parts.add(TextPart.literal(String.valueOf(originals.charAt(mask))));
                    done = i + 1;
                }
            }
            parts.add(TextPart.markup(rendered.substring(done)));
            return parts;
        }
    }
}
