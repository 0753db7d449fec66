package dev.cleave.chat;

import dev.cleave.model.ChatMessage;
import dev.cleave.model.ModelException;
import dev.cleave.model.bundle.RoleMarkerExtractor;
import dev.cleave.model.chat.RoleMarkers;
import dev.cleave.model.chat.RoleMarkers.Marker;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds the markers of a template by rendering short conversations and cutting the messages out, then renders longer ones both
 * ways: only where every text is the same are the markers used in the template's place.
 */
public final class RoleMarkerDerivation implements RoleMarkerExtractor {
    private static final String PROBE = "qX7zPROBEz7Xq";
    private static final List<String> CONTENTS =
            Arrays.asList("Hello", "  two blanks round  ", "line\n\nline", "", "<tag> {{ braces }} \\", "é漢😀");

    @Override
    public Optional<byte[]> extract(String jinja, String bosText, String eosText) {
        return derive(jinja, bosText, eosText).map(RoleMarkers::write);
    }

    /**
     * Derives markers.
     *
     * @return empty where the template does more than put markers round messages, or is not supported
     */
    public Optional<RoleMarkers> derive(String jinja, String bosText, String eosText) {
        try {
            JinjaChatTemplate template = new JinjaChatTemplate(jinja, bosText, eosText, List.of());
            return candidate(template).filter(markers -> agrees(markers, template));
        } catch (ModelException notOfThatKind) {
            return Optional.empty();
        }
    }

    private static Optional<RoleMarkers> candidate(JinjaChatTemplate template) {
        // The first message shows beginning and prefix together; the second one's prefix stands alone.
        Optional<String[]> one = around(template, false, "user");
        Optional<String[]> prompted = around(template, true, "user");
        Optional<String[]> two = around(template, false, "user", "assistant");
        Optional<String[]> three = around(template, false, "user", "assistant", "user");
        if (one.isEmpty() || prompted.isEmpty() || two.isEmpty() || three.isEmpty()) {
            return Optional.empty();
        }
        String userSuffix = one.get()[1];
        String promptedEnd = prompted.get()[1];
        String assistantSuffix = two.get()[2];
        String beforeAssistant = two.get()[1];
        String beforeSecondUser = three.get()[2];
        if (!promptedEnd.startsWith(userSuffix)
                || !beforeAssistant.startsWith(userSuffix)
                || !beforeSecondUser.startsWith(assistantSuffix)) {
            return Optional.empty();
        }
        String userPrefix = beforeSecondUser.substring(assistantSuffix.length());
        if (!one.get()[0].endsWith(userPrefix)) {
            return Optional.empty();
        }
        String beginning = cutEnd(one.get()[0], userPrefix);
        Map<String, Marker> roles = new TreeMap<>();
        roles.put("user", new Marker(userPrefix, userSuffix));
        roles.put("assistant", new Marker(beforeAssistant.substring(userSuffix.length()), assistantSuffix));
        String withSystem = beginning;
        Optional<String[]> system = aroundSystem(template);
        if (system.isPresent() && system.get()[1].endsWith(userPrefix)) {
            String begins = system.get()[0].startsWith(beginning) ? beginning : "";
            withSystem = begins;
            roles.put(
                    "system",
                    new Marker(system.get()[0].substring(begins.length()), cutEnd(system.get()[1], userPrefix)));
        }
        return Optional.of(new RoleMarkers(withSystem, beginning, roles, promptedEnd.substring(userSuffix.length())));
    }

    private static Optional<String[]> aroundSystem(JinjaChatTemplate template) {
        try {
            return around(template, false, "system", "user");
        } catch (ModelException refused) {
            return Optional.empty();
        }
    }

    /** Returns what stands before, between and behind messages of these roles; empty where one does not appear once. */
    private static Optional<String[]> around(JinjaChatTemplate template, boolean prompt, String... roles) {
        ChatMessage[] messages = new ChatMessage[roles.length];
        for (int i = 0; i < roles.length; i++) {
            messages[i] = new ChatMessage(roles[i], PROBE);
        }
        String[] pieces = template.render(Arrays.asList(messages), prompt).split(PROBE, -1);
        return pieces.length == roles.length + 1 ? Optional.of(pieces) : Optional.empty();
    }

    private static boolean agrees(RoleMarkers markers, JinjaChatTemplate template) {
        boolean system = markers.roles().containsKey("system");
        for (String first : CONTENTS) {
            for (String second : CONTENTS) {
                ChatMessage user = new ChatMessage("user", first);
                ChatMessage assistant = new ChatMessage("assistant", second);
                ChatMessage again = new ChatMessage("user", second);
                if (!same(markers, template, user)
                        || !same(markers, template, user, assistant)
                        || !same(markers, template, user, assistant, again)
                        || !same(markers, template, user, assistant, again, assistant, user)
                        || system && !same(markers, template, new ChatMessage("system", second), user)
                        || system
                                && !same(
                                        markers, template, new ChatMessage("system", second), user, assistant, again)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean same(RoleMarkers markers, JinjaChatTemplate template, ChatMessage... messages) {
        List<ChatMessage> conversation = Arrays.asList(messages);
        return markers.render(conversation, true).equals(template.render(conversation, true))
                && markers.render(conversation, false).equals(template.render(conversation, false));
    }

    private static String cutEnd(String text, String end) {
        return text.substring(0, text.length() - end.length());
    }
}
