package dev.cleave.chat.jinja;

/**
 * A value that is not there: prints as nothing, is false and empty, and is an error in any computation.
 *
 * @param why what Jinja2 says where it is used
 */
record Undefined(String why) {
    static Undefined name(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    JinjaException used() {
        return JinjaException.failed(why);
    }

    /** All of them are alike. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Undefined;
    }

    @Override
    public int hashCode() {
        return 1;
    }
}
