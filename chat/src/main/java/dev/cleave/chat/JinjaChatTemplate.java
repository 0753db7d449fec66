package dev.cleave.chat;

import dev.cleave.chat.jinja.JinjaException;
import dev.cleave.chat.jinja.Template;
import dev.cleave.chat.jinja.Text;
import dev.cleave.model.ChatMessage;
import dev.cleave.model.ChatTemplate;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.TextPart;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A chat template in Jinja, as Hugging Face checkpoints bring it, rendered as Transformers does: the variables {@code
 * messages}, {@code add_generation_prompt}, {@code bos_token}, {@code eos_token}, with {@code tools} and {@code documents}
 * none, and the functions {@code raise_exception} and {@code strftime_now}.
 *
 * <p>What messages hold stays foreign through everything that a template does to it. The exception is a value that is one
 * plain word (letters, digits, {@code _} and {@code -}) and no message's content, such as a role: templates build tokens of it.
 *
 * <p>Templates are not trusted: no template sees a Java class, reads a file or runs without limit of steps, size or depth.
 * Safe for many threads.
 */
public final class JinjaChatTemplate implements ChatTemplate {
    private static final String PLAIN_WORD = "[A-Za-z0-9_-]{1,64}";

    private final Template template;
    private final Map<String, Object> tokens = new LinkedHashMap<>();
    private final Supplier<LocalDateTime> clock;

    /**
     * Takes a template. What is not supported shows when it is rendered: templates have branches for tools that are not used.
     *
     * @param jinja the template's text
     * @param bosText beginning token; empty where there is none
     * @param eosText end token; empty where there is none
     * @throws ModelException with {@code MALFORMED} for a text that is no template, {@code UNSUPPORTED} for one that uses a
     *     statement that is not supported
     */
    public JinjaChatTemplate(String jinja, String bosText, String eosText) {
        this(jinja, bosText, eosText, LocalDateTime::now);
    }

    /**
     * Takes a template, with a clock for {@code strftime_now}.
     *
     * @throws ModelException as the other
     */
    public JinjaChatTemplate(String jinja, String bosText, String eosText, Supplier<LocalDateTime> clock) {
        this.clock = clock;
        try {
            template = Template.parse(jinja);
        } catch (JinjaException e) {
            throw error(e);
        }
        if (!bosText.isEmpty()) {
            tokens.put("bos_token", Text.of(bosText));
        }
        if (!eosText.isEmpty()) {
            tokens.put("eos_token", Text.of(eosText));
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws ModelException with {@code UNSUPPORTED} where the template refuses the conversation, uses what is not
     *     supported, or takes too long
     */
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
        List<Object> list = new ArrayList<>();
        for (ChatMessage message : messages) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("role", message.role());
            fields.put("content", message.content());
            list.add(fields);
        }
        return parts(list, addGenerationPrompt, Map.of());
    }

    /**
     * Renders messages that hold more than role and content.
     *
     * @param messages each a map; values as {@code Json} gives them
     * @param addGenerationPrompt whether the text ends with the marker behind which the assistant answers
     * @param variables further ones, by name; they go before those that every template gets
     * @throws ModelException as {@link #render}
     */
    public List<TextPart> parts(List<?> messages, boolean addGenerationPrompt, Map<String, ?> variables) {
        Map<String, Object> all = variables(addGenerationPrompt);
        all.put("messages", value(messages, "", false));
        variables.forEach((name, given) -> all.put(name, value(given, name, false)));
        try {
            return parts(template.render(all, clock));
        } catch (JinjaException e) {
            throw error(e);
        }
    }

    /** Renders messages of these roles, whose contents the template may only pass through; for {@link RoleMarkerDerivation}. */
    String opaque(List<ChatMessage> messages, boolean addGenerationPrompt) {
        List<Object> list = new ArrayList<>();
        for (ChatMessage message : messages) {
            Map<Object, Object> fields = new LinkedHashMap<>();
            fields.put(Text.of("role"), Text.of(message.role()));
            fields.put(Text.of("content"), Text.opaque(message.content()));
            list.add(fields);
        }
        Map<String, Object> all = variables(addGenerationPrompt);
        all.put("messages", list);
        return template.render(all, clock).written();
    }

    private Map<String, Object> variables(boolean addGenerationPrompt) {
        Map<String, Object> all = new LinkedHashMap<>(tokens);
        all.put("add_generation_prompt", addGenerationPrompt);
        all.put("tools", null);
        all.put("documents", null);
        return all;
    }

    private static List<TextPart> parts(Text text) {
        List<TextPart> parts = new ArrayList<>();
        text.runs((run, foreign) -> parts.add(foreign ? TextPart.literal(run) : TextPart.markup(run)));
        return parts;
    }

    private static Object value(Object given, String field, boolean content) {
        if (given instanceof String) {
            String text = (String) given;
            return !content && !field.equals("content") && text.matches(PLAIN_WORD)
                    ? Text.of(text)
                    : Text.foreign(text);
        } else if (given instanceof List) {
            List<Object> list = new ArrayList<>();
            ((List<?>) given).forEach(item -> list.add(value(item, field, content || field.equals("content"))));
            return list;
        } else if (given instanceof Map) {
            Map<Object, Object> map = new LinkedHashMap<>();
            ((Map<?, ?>) given).forEach((name, inner) -> {
                boolean known = String.valueOf(name).matches(PLAIN_WORD);
                map.put(
                        known ? Text.of(String.valueOf(name)) : Text.foreign(String.valueOf(name)),
                        value(inner, String.valueOf(name), content));
            });
            return map;
        }
        return given;
    }

    static ModelException error(JinjaException e) {
        String where = e.line() > 0 ? " (line " + e.line() + " of the template)" : "";
        switch (e.kind()) {
            case RAISED:
                return new ModelException(
                        Reason.UNSUPPORTED, "the model's chat template refuses the conversation: " + e.getMessage());
            case SYNTAX:
                return new ModelException(
                        Reason.MALFORMED, "the model's chat template is no Jinja: " + e.getMessage() + where);
            default:
                return new ModelException(
                        Reason.UNSUPPORTED,
                        "the model's chat template cannot be rendered: " + e.getMessage() + where
                                + "; --raw takes prompts as they are");
        }
    }
}
