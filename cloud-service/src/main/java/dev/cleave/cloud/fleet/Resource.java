package dev.cleave.cloud.fleet;

/** What devices share in the cloud. */
public enum Resource {
    /** Microseconds of computing for each second, all threads together. */
    COMPUTE,
    /** Bytes of keys and values. */
    KV,
    /** Sessions at once. */
    SESSIONS
}
