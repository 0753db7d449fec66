package dev.cleave.chat.jinja;

/** What a template can call. */
@FunctionalInterface
interface Callable {
    /** Calls it. */
    Object call(Arguments arguments);
}
