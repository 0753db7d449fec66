package dev.cleave.transport.internal;

import java.util.regex.Pattern;

/** The constants, names and topics of the session protocol, version 1. See docs/wire.md. */
public final class Protocol {
    /** Of the messages. */
    public static final int VERSION = 1;
    /** Greatest payload of a chunk, in bytes: with topic and fields it stays below the 128 KB of managed brokers. */
    public static final int MAX_PAYLOAD = 96 * 1024;
    /** Greatest window, in steps: brokers take as few as ten unacknowledged messages. */
    public static final int MAX_WINDOW = 8;

    /**
     * The presence of who is gone: no bytes, which is {@code Presence} with the state {@code GONE}, and which, retained, makes a
     * broker forget the topic; names come and go.
     */
    public static final byte[] GONE = {};

    private static final String ROOT = "cleave/1/";
    private static final Pattern PARTY = Pattern.compile("[A-Za-z0-9_-]{1,16}");
    private static final Pattern SESSION = Pattern.compile("[A-Za-z0-9_-]{8}");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private Protocol() {}

    /** Returns whether {@code name} may be a device's or a worker's. */
    public static boolean isPartyName(String name) {
        return PARTY.matcher(name).matches();
    }

    /** Returns whether {@code name} may be a session's. */
    public static boolean isSessionName(String name) {
        return SESSION.matcher(name).matches();
    }

    /** Returns whether {@code hash} is 64 hex digits in lower case. */
    public static boolean isModelHash(String hash) {
        return HASH.matcher(hash).matches();
    }

    /**
     * Returns {@code name}.
     *
     * @throws IllegalArgumentException where it may not be a device's or a worker's
     */
    public static String requirePartyName(String what, String name) {
        if (!isPartyName(name)) {
            throw new IllegalArgumentException(
                    what + " name '" + name + "' is not 1 to 16 letters, digits, dashes or underscores");
        }
        return name;
    }

    /**
     * Returns {@code hash}.
     *
     * @throws IllegalArgumentException where it is not 64 hex digits in lower case
     */
    public static String requireModelHash(String hash) {
        if (!isModelHash(hash)) {
            throw new IllegalArgumentException("model hash '" + hash + "' is not 64 hex digits in lower case");
        }
        return hash;
    }

    /** Returns the first 16 digits of a model's hash: the part that stands in topics. */
    public static String modelKey(String modelHash) {
        return modelHash.substring(0, 16);
    }

    /** Returns where a device asks for a session. */
    public static String openTopic(String modelHash, String device) {
        return openPrefix(modelHash) + device;
    }

    /** Returns what the topics of all openings of a model begin with. */
    public static String openPrefix(String modelHash) {
        return ROOT + "open/" + modelKey(modelHash) + "/";
    }

    /** Returns the subscription that the workers of a model share. */
    public static String sharedOpenFilter(String modelHash) {
        return "$share/workers/" + openPrefix(modelHash) + "+";
    }

    /** Returns where a worker takes a session's messages. */
    public static String workerTopic(String worker, String device, String session) {
        return workerPrefix(worker) + device + "/" + session;
    }

    /** Returns what the topics of all sessions of a worker begin with. */
    public static String workerPrefix(String worker) {
        return ROOT + "w/" + worker + "/s/";
    }

    /** Returns the subscription to all sessions of a worker. */
    public static String workerFilter(String worker) {
        return workerPrefix(worker) + "+/+";
    }

    /** Returns where a device takes a session's messages. */
    public static String deviceTopic(String device, String session) {
        return ROOT + "d/" + device + "/" + session;
    }

    /** Returns the subscription to all sessions of a device. */
    public static String deviceFilter(String device) {
        return ROOT + "d/" + device + "/+";
    }

    /** Returns where a worker's profile of a model stands. */
    public static String profileTopic(String modelHash, String worker) {
        return profilePrefix(modelHash) + worker;
    }

    /** Returns what the topics of all profiles of a model begin with. */
    public static String profilePrefix(String modelHash) {
        return ROOT + "profile/" + modelKey(modelHash) + "/";
    }

    /** Returns where a worker's presence stands. */
    public static String workerPresence(String worker) {
        return workerPresencePrefix() + worker;
    }

    /** Returns what the topics of all workers' presence begin with. */
    public static String workerPresencePrefix() {
        return ROOT + "presence/w/";
    }

    /** Returns where a device's presence stands. */
    public static String devicePresence(String device) {
        return devicePresencePrefix() + device;
    }

    /** Returns what the topics of all devices' presence begin with. */
    public static String devicePresencePrefix() {
        return ROOT + "presence/d/";
    }
}
