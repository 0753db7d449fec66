package dev.cleave.chat;

import dev.cleave.model.ChatMessage;
import dev.cleave.model.ChatTemplate;
import dev.cleave.model.TextPart;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A chat template in Jinja, as Hugging Face checkpoints bring it: rendered with {@code trim_blocks} and {@code lstrip_blocks},
 * the variables {@code messages}, {@code add_generation_prompt}, {@code bos_token}, {@code eos_token}, with {@code tools} and
 * {@code documents} none, and the functions {@code raise_exception}, {@code namespace} and {@code range}. There is no clock
 * ({@code strftime_now}): the same conversation gives the same text on every day.
 *
 * <p>Templates are not trusted: no template sees a Java class, reads a file or runs without limit of time, size or depth.
 * Safe for many threads.
 */
public final class JinjaChatTemplate implements ChatTemplate {
    private final String original;
    private final String translated;
    private final String bosText;
    private final String eosText;
    private final SpecialTokenMask mask;

    /**
     * Takes a template. What is not supported shows when it is rendered: templates have branches for tools that are not used.
     *
     * @param template Jinja text
     * @param bosText beginning token, may be empty
     * @param eosText end token, may be empty
     * @param specialTokens texts that must not count as special tokens where people wrote them
     * @throws dev.cleave.model.ModelException with {@code MALFORMED} for a text that is no template, {@code UNSUPPORTED} for
     *     one that is never rendered
     */
    public JinjaChatTemplate(String template, String bosText, String eosText, Collection<String> specialTokens) {
        original = template;
        translated = JinjaDialect.translate(template);
        this.bosText = bosText;
        this.eosText = eosText;
        mask = new SpecialTokenMask(specialTokens);
    }

    /**
     * {@inheritDoc}
     *
     * @throws dev.cleave.model.ModelException with {@code UNSUPPORTED} where the template refuses the conversation, uses what
     *     is not supported, or takes too long
     */
    @Override
    public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
        StringBuilder text = new StringBuilder();
        for (TextPart part : parts(messages, addGenerationPrompt)) {
            text.append(part.text());
        }
        return text.toString();
    }

    private String rendered(List<ChatMessage> messages, boolean addGenerationPrompt) {
        Map<String, Object> variables = new LinkedHashMap<>();
        List<Map<String, Object>> list = new ArrayList<>();
        for (ChatMessage message : messages) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("role", message.role());
            fields.put("content", message.content());
            list.add(fields);
        }
        variables.put("messages", list);
        variables.put("add_generation_prompt", addGenerationPrompt);
        variables.put("bos_token", bosText);
        variables.put("eos_token", eosText);
        variables.put("tools", null);
        variables.put("documents", null);
        return JinjaEnvironment.render(translated, variables);
    }

    /**
     * {@inheritDoc}
     *
     * <p>A template may change what it is given, so the text alone does not tell who wrote what. Special tokens in what people
     * wrote are therefore disguised while the template works, and recognized by that afterwards.
     */
    @Override
    public List<TextPart> parts(List<ChatMessage> messages, boolean addGenerationPrompt) {
        SpecialTokenMask.Disguise disguise = mask.disguise(original, messages);
        return disguise.reveal(rendered(disguise.messages(), addGenerationPrompt));
    }
}
