package dev.cleave.chat;

/** What a template says when it calls {@code raise_exception}, or when it gets to what is not supported. */
public final class TemplateRefusal extends RuntimeException {
    /** The function that {@link #unsupported} is, which no template of others calls. */
    static final String UNSUPPORTED = "cleave_unsupported";

    private static final long serialVersionUID = 1L;

    private final boolean byTemplate;

    private TemplateRefusal(String message, boolean byTemplate) {
        super(message, null, false, false);
        this.byTemplate = byTemplate;
    }

    /** Returns whether the template itself refuses, rather than what renders it. */
    boolean byTemplate() {
        return byTemplate;
    }

    /** The function {@code raise_exception}; public because the template engine calls it by reflection. */
    public static Object raise(String message) {
        throw new TemplateRefusal(message, true);
    }

    /** The function that stands where a template uses what is not supported; public for the same reason. */
    public static Object unsupported(String what) {
        throw new TemplateRefusal(what, false);
    }
}
