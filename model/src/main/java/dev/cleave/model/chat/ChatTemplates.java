package dev.cleave.model.chat;

import dev.cleave.model.ChatTemplate;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.bundle.Bundle;
import java.util.Iterator;
import java.util.Optional;
import java.util.ServiceLoader;

/** The chat template of a prepared model, by what the class path has to render it. */
public final class ChatTemplates {
    private ChatTemplates() {}

    /**
     * Returns the template; empty where the model has none.
     *
     * @throws ModelException with the reason, where it has one that cannot be rendered; also where only {@code cleave-chat} could
     *     and it is not on the class path
     */
    public static Optional<ChatTemplate> of(Bundle bundle) {
        Iterator<ChatTemplateProvider> providers = ServiceLoader.load(
                        ChatTemplateProvider.class, ChatTemplates.class.getClassLoader())
                .iterator();
        if (providers.hasNext()) {
            return providers.next().of(bundle);
        }
        Optional<byte[]> markers = bundle.roleMarkers();
        if (!markers.isPresent() && bundle.chatTemplate().isPresent()) {
            throw new ModelException(
                    Reason.UNSUPPORTED,
                    bundle.name()
                            + ": the model's chat template must be rendered at run time, which this program cannot:"
                            + " put cleave-chat's jar on the class path, or take prompts as they are with --raw");
        }
        return markers.map(json -> RoleMarkers.read(json, "role-markers.json"));
    }
}
