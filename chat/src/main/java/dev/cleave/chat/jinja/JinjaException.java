package dev.cleave.chat.jinja;

/** What keeps a template from being rendered. */
public final class JinjaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The kinds. */
    public enum Kind {
        /** The text is no template: Jinja2 does not take it either. */
        SYNTAX,
        /** The template itself refuses the conversation, by {@code raise_exception}. */
        RAISED,
        /** Something that Jinja2 may know and this interpreter does not. */
        UNSUPPORTED,
        /** Jinja2 fails there too: an attribute of an undefined value, a sum of text and number. */
        FAILED,
        /** More steps, depth or text than a template may take. */
        LIMIT,
        /** The template looks at a text that was only to be passed through. */
        OPAQUE
    }

    private final Kind kind;
    private int line;

    JinjaException(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    static JinjaException unsupported(String what) {
        return new JinjaException(Kind.UNSUPPORTED, what + " is not supported");
    }

    static JinjaException failed(String why) {
        return new JinjaException(Kind.FAILED, why);
    }

    static JinjaException syntax(String why, int line) {
        return new JinjaException(Kind.SYNTAX, why).at(line);
    }

    /** Notes the line, unless one is known already. */
    JinjaException at(int where) {
        if (line == 0) {
            line = where;
        }
        return this;
    }

    /** Returns the kind. */
    public Kind kind() {
        return kind;
    }

    /** Returns the line of the template, from 1; 0 where it is not known. */
    public int line() {
        return line;
    }
}
