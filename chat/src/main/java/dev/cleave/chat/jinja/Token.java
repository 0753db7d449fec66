package dev.cleave.chat.jinja;

/**
 * A piece of a template.
 *
 * @param kind what it is
 * @param value characters of data, name or operator; the text of a string, whose escapes are undone; a number
 * @param line where it begins, from 1
 */
record Token(Kind kind, Object value, int line) {
    /** Kinds of pieces. */
    enum Kind {
        DATA,
        VARIABLE_BEGIN,
        VARIABLE_END,
        BLOCK_BEGIN,
        BLOCK_END,
        NAME,
        STRING,
        NUMBER,
        OPERATOR,
        END
    }

    boolean is(Kind wanted, String text) {
        return kind == wanted && value.equals(text);
    }

    boolean isName(String text) {
        return is(Kind.NAME, text);
    }

    boolean isOperator(String text) {
        return is(Kind.OPERATOR, text);
    }

    @Override
    public String toString() {
        return kind == Kind.END ? "end of template" : "'" + value + "'";
    }
}
