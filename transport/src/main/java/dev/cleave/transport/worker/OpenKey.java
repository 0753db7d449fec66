package dev.cleave.transport.worker;

import com.google.protobuf.ByteString;
import dev.cleave.transport.internal.Protocol;

/**
 * Which opening a session answers.
 *
 * @param name device and session, as they stand in topics: {@code device/session}
 * @param epoch rises with every attempt; the higher one wins
 * @param nonce tells two processes apart that chose the same names
 */
record OpenKey(String name, int epoch, ByteString nonce) {
    /** Returns whether it is the later attempt of the two; the epoch may have gone round. */
    boolean newerThan(OpenKey other) {
        return epoch - other.epoch > 0;
    }

    /** Returns the device's name. */
    String device() {
        return name.substring(0, name.indexOf('/'));
    }

    /** Returns where its device takes the session's messages. */
    String deviceTopic() {
        return Protocol.deviceTopic(device(), name.substring(name.indexOf('/') + 1));
    }

    /** Returns whether a message that states epoch and nonce means this opening. */
    boolean meant(int statedEpoch, ByteString statedNonce) {
        return epoch == statedEpoch && nonce.equals(statedNonce);
    }
}
