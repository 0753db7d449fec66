package dev.cleave.transport.worker;

import dev.cleave.transport.internal.MqttLink;
import dev.cleave.transport.internal.Protocol;
import java.util.HashMap;
import java.util.Map;

/** The devices whose presence a worker follows: those with a session, so that a fleet's coming and going costs it nothing. */
final class PresenceWatch {
    private final MqttLink link;
    private final Map<String, Integer> sessions = new HashMap<>();

    PresenceWatch(MqttLink link) {
        this.link = link;
    }

    /** Counts a session of the device. */
    synchronized void add(String device) {
        if (sessions.merge(device, 1, Integer::sum) == 1) {
            link.subscribeSoon(Protocol.devicePresence(device));
        }
    }

    /** Counts one less. */
    synchronized void remove(String device) {
        if (sessions.merge(device, -1, (had, less) -> had == 1 ? null : had + less) == null) {
            link.unsubscribeSoon(Protocol.devicePresence(device));
        }
    }
}
