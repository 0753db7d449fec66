package dev.cleave.chat;

import dev.cleave.chat.jinja.JinjaException;
import dev.cleave.model.ChatMessage;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.bundle.RoleMarkerExtractor;
import dev.cleave.model.chat.RoleMarkers;
import dev.cleave.model.chat.RoleMarkers.Marker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds the markers of a template. It renders conversations whose contents the template may pass through but not look at: what
 * comes of them holds for every content. Markers are used only where they give the same text for conversations of up to {@value
 * #LONGEST} messages, with and without system message, with and without generation prompt.
 */
public final class RoleMarkerDerivation implements RoleMarkerExtractor {
    private static final String PROBE = "qX7zPROBEz7Xq";
    private static final int LONGEST = 24;

    /**
     * What was found.
     *
     * @param markers that stand for the template, where there are some
     * @param why there are none, else empty
     */
    public record Finding(Optional<RoleMarkers> markers, String why) {}

    @Override
    public Optional<byte[]> extract(String jinja, String bosText, String eosText) {
        return derive(jinja, bosText, eosText).markers().map(RoleMarkers::write);
    }

    /** Looks for markers. */
    public Finding derive(String jinja, String bosText, String eosText) {
        try {
            JinjaChatTemplate template = new JinjaChatTemplate(jinja, bosText, eosText, () -> {
                throw new ModelException(Reason.UNSUPPORTED, "it asks for the date");
            });
            Optional<RoleMarkers> found = candidate(template).filter(markers -> agrees(markers, template));
            return new Finding(found, found.isPresent() ? "" : "it does more than put text round messages");
        } catch (JinjaException | ModelException e) {
            return new Finding(Optional.empty(), e.getMessage());
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
        } catch (JinjaException refused) {
            return Optional.empty();
        }
    }

    /** Returns what stands before, between and behind messages of these roles; empty where one does not appear once. */
    private static Optional<String[]> around(JinjaChatTemplate template, boolean prompt, String... roles) {
        List<ChatMessage> messages = new ArrayList<>();
        for (String role : roles) {
            messages.add(new ChatMessage(role, PROBE));
        }
        String[] pieces = template.opaque(messages, prompt).split(PROBE, -1);
        return pieces.length == roles.length + 1 ? Optional.of(pieces) : Optional.empty();
    }

    private static boolean agrees(RoleMarkers markers, JinjaChatTemplate template) {
        for (boolean system : new boolean[] {false, true}) {
            List<ChatMessage> messages = new ArrayList<>();
            if (system) {
                if (!markers.roles().containsKey("system")) {
                    continue;
                }
                messages.add(new ChatMessage("system", "0" + PROBE));
            }
            for (int i = 1; i <= LONGEST; i++) {
                messages.add(new ChatMessage(i % 2 == 1 ? "user" : "assistant", i + PROBE));
                for (boolean prompt : new boolean[] {false, true}) {
                    if (!markers.render(messages, prompt).equals(template.opaque(messages, prompt))) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /** Returns whether a conversation is of the form for which markers are proven: user and assistant in turn, behind a system message. */
    static boolean covers(RoleMarkers markers, List<ChatMessage> messages) {
        boolean system = !messages.isEmpty() && messages.get(0).role().equals("system");
        List<ChatMessage> turns = system ? messages.subList(1, messages.size()) : messages;
        for (int i = 0; i < turns.size(); i++) {
            if (!turns.get(i).role().equals(Arrays.asList("user", "assistant").get(i % 2))) {
                return false;
            }
        }
        return !turns.isEmpty() && (!system || markers.roles().containsKey("system"));
    }

    private static String cutEnd(String text, String end) {
        return text.substring(0, text.length() - end.length());
    }
}
