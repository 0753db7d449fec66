package dev.cleave.model.chat;

import dev.cleave.model.ChatMessage;
import dev.cleave.model.ChatTemplate;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.TextPart;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import dev.cleave.model.json.JsonWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A chat template that puts fixed text round each message, by its role, and nothing else.
 *
 * <p>As JSON, {@code role-markers.json}:
 *
 * <pre>
 * {"beginning": "…", "beginningWithoutSystem": "…", "generationPrompt": "…",
 *  "roles": {"user": {"prefix": "…", "suffix": "…"}, …}}
 * </pre>
 *
 * @param beginning of a conversation whose first message has the role {@code system}
 * @param beginningWithoutSystem of any other; it may hold a whole message that the model was trained with
 * @param roles marker of each role that the template knows
 * @param generationPrompt marker behind which the assistant answers
 */
public record RoleMarkers(
        String beginning, String beginningWithoutSystem, Map<String, Marker> roles, String generationPrompt)
        implements ChatTemplate {

    private static final String SYSTEM = "system";
    private static final int MAX_ROLES = 16;

    /**
     * What stands round a message.
     *
     * @param prefix before its content
     * @param suffix behind it
     */
    public record Marker(String prefix, String suffix) {}

    /** Copies the roles, in the order of their names. */
    public RoleMarkers {
        roles = Collections.unmodifiableMap(new TreeMap<>(roles));
    }

    /**
     * Reads the JSON form.
     *
     * @param json UTF-8
     * @param source what messages call the file
     * @throws ModelException with {@code MALFORMED}, naming source and field
     */
    public static RoleMarkers read(byte[] json, String source) {
        JsonObject object = Json.parseObject(json, source);
        JsonObject roles = object.object("roles");
        if (roles.fields().size() > MAX_ROLES) {
            throw object.malformed(
                    "roles", "there are " + roles.fields().size() + ", at most " + MAX_ROLES + " may be");
        }
        Map<String, Marker> markers = new TreeMap<>();
        for (String role : roles.fields().keySet()) {
            JsonObject marker = roles.object(role);
            markers.put(role, new Marker(marker.string("prefix"), marker.string("suffix")));
        }
        return new RoleMarkers(
                object.string("beginning"),
                object.string("beginningWithoutSystem"),
                markers,
                object.string("generationPrompt"));
    }

    /** Returns the JSON form, UTF-8. */
    public byte[] write() {
        Map<String, Object> byRole = new LinkedHashMap<>();
        for (Map.Entry<String, Marker> role : roles.entrySet()) {
            Map<String, Object> marker = new LinkedHashMap<>();
            marker.put("prefix", role.getValue().prefix());
            marker.put("suffix", role.getValue().suffix());
            byRole.put(role.getKey(), marker);
        }
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("beginning", beginning);
        object.put("beginningWithoutSystem", beginningWithoutSystem);
        object.put("generationPrompt", generationPrompt);
        object.put("roles", byRole);
        return JsonWriter.pretty(object);
    }

    @Override
    public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
        StringBuilder text = new StringBuilder();
        for (TextPart part : parts(messages, addGenerationPrompt)) {
            text.append(part.text());
        }
        return text.toString();
    }

    @Override
    public List<TextPart> parts(List<ChatMessage> messages, boolean addGenerationPrompt) {
        boolean system = !messages.isEmpty() && messages.get(0).role().equals(SYSTEM);
        StringBuilder markup = new StringBuilder(system ? beginning : beginningWithoutSystem);
        List<TextPart> parts = new ArrayList<>();
        for (ChatMessage message : messages) {
            Marker marker = marker(message.role());
            parts.add(TextPart.markup(markup.append(marker.prefix()).toString()));
            parts.add(TextPart.literal(message.content()));
            markup.setLength(0);
            markup.append(marker.suffix());
        }
        parts.add(TextPart.markup(
                markup.append(addGenerationPrompt ? generationPrompt : "").toString()));
        return parts;
    }

    private Marker marker(String role) {
        Marker marker = roles.get(role);
        if (marker == null) {
            throw new ModelException(
                    Reason.UNSUPPORTED,
                    "the model's chat template has no place for the role " + role + "; it knows " + roles.keySet());
        }
        return marker;
    }
}
