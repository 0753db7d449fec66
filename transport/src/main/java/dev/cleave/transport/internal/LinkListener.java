package dev.cleave.transport.internal;

/** Takes what a link receives, on the link's own thread: it must not wait. */
public interface LinkListener {
    /**
     * Takes a message.
     *
     * @param payload belongs to the taker
     */
    void message(String topic, byte[] payload);

    /** Is told, once, that the connection broke; not where it was closed. */
    void lost(String cause);
}
