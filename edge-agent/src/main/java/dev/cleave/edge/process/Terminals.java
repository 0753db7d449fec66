package dev.cleave.edge.process;

/** Which of the standard streams are terminals. Java cannot tell of each, so the launcher does, by a system property. */
public final class Terminals {
    /** The digits of the streams that are terminals: any of 0, 1 and 2. */
    public static final String PROPERTY = "cleave.terminals";

    private Terminals() {}

    /** Returns whether somebody types standard input. */
    public static boolean input() {
        return terminal("0");
    }

    /** Returns whether standard output is shown on a terminal. */
    public static boolean output() {
        return terminal("1");
    }

    /** Returns whether standard error is shown on a terminal. */
    public static boolean error() {
        return terminal("2");
    }

    private static boolean terminal(String stream) {
        return System.getProperty(PROPERTY, "").contains(stream);
    }
}
