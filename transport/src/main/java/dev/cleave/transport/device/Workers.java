package dev.cleave.transport.device;

import dev.cleave.proto.Presence;
import dev.cleave.transport.internal.Protocol;
import java.util.Map;
import java.util.TreeMap;

/** What workers say of themselves, as far as a device has asked: to tell a user why nobody answers. */
final class Workers {
    /** Enough to explain; a large fleet need not be remembered by each device. */
    private static final int MOST = 32;

    private final Map<String, Presence> heard = new TreeMap<>();

    synchronized void heard(String worker, Presence presence) {
        if (presence.getState() == Presence.State.GONE) {
            heard.remove(worker);
        } else if (Protocol.isPartyName(worker) && (heard.size() < MOST || heard.containsKey(worker))) {
            heard.put(worker, presence);
        }
    }

    synchronized void clear() {
        heard.clear();
    }

    /** Returns whether workers are there and none of them serves the model. */
    synchronized boolean onlyOthersThan(String modelHash) {
        return !heard.isEmpty()
                && heard.values().stream()
                        .noneMatch(presence -> presence.getModelHash().equals(modelHash));
    }

    /** Returns a sentence on who is there. */
    synchronized String describe() {
        if (heard.isEmpty()) {
            return "no worker is there at all; start one with the same bundle";
        }
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, Presence> entry : heard.entrySet()) {
            text.append(text.length() == 0 ? "" : ", ")
                    .append("worker ")
                    .append(entry.getKey())
                    .append(" (")
                    .append(entry.getValue().getState().name().toLowerCase(java.util.Locale.ROOT))
                    .append(") serves model ")
                    .append(shortHash(entry.getValue().getModelHash()));
        }
        return text.toString();
    }

    static String shortHash(String hash) {
        return Protocol.isModelHash(hash) ? Protocol.modelKey(hash) : "of an unreadable hash";
    }
}
