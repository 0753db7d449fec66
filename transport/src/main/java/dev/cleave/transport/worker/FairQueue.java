package dev.cleave.transport.worker;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What waits on behalf of devices: devices take turns, and each has a limit of its own, so that however much one asks for, the
 * others' turn comes. Of what has the same key only the newest waits. Bounded as a whole. Not safe for threads: its owner locks.
 */
final class FairQueue<V> {
    private final int mostOfOne;
    private final int most;
    private final Map<String, LinkedHashMap<String, V>> devices = new LinkedHashMap<>();
    private int size;

    /**
     * Creates an empty queue.
     *
     * @param mostOfOne that may wait of one device
     * @param most that may wait in all
     */
    FairQueue(int mostOfOne, int most) {
        this.mostOfOne = mostOfOne;
        this.most = most;
    }

    /** Returns what waits under the key, or null. */
    V get(String device, String key) {
        Map<String, V> mine = devices.get(device);
        return mine == null ? null : mine.get(key);
    }

    /** Puts a value behind what waits of its device, in place of what has the same key; returns whether there was room. */
    boolean offer(String device, String key, V value) {
        LinkedHashMap<String, V> mine = devices.computeIfAbsent(device, d -> new LinkedHashMap<>());
        if (mine.remove(key) != null) {
            size--;
        }
        boolean room = mine.size() < mostOfOne && size < most;
        if (room) {
            mine.put(key, value);
            size++;
        } else if (mine.isEmpty()) {
            devices.remove(device);
        }
        return room;
    }

    /** Takes the oldest value of the device whose turn it is, or null where nothing waits. */
    V poll() {
        Iterator<Map.Entry<String, LinkedHashMap<String, V>>> turn =
                devices.entrySet().iterator();
        if (!turn.hasNext()) {
            return null;
        }
        Map.Entry<String, LinkedHashMap<String, V>> next = turn.next();
        String device = next.getKey();
        LinkedHashMap<String, V> mine = next.getValue();
        turn.remove();
        Iterator<V> values = mine.values().iterator();
        V value = values.next();
        values.remove();
        size--;
        if (!mine.isEmpty()) {
            devices.put(device, mine);
        }
        return value;
    }

    /** Takes out what the condition says; returns it. */
    List<V> takeIf(Predicate<V> condition) {
        List<V> taken = new ArrayList<>();
        Iterator<LinkedHashMap<String, V>> each = devices.values().iterator();
        while (each.hasNext()) {
            LinkedHashMap<String, V> mine = each.next();
            mine.values().removeIf(value -> condition.test(value) && taken.add(value));
            if (mine.isEmpty()) {
                each.remove();
            }
        }
        size -= taken.size();
        return taken;
    }

    int size() {
        return size;
    }
}
