package dev.cleave.transport.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FairQueueTest {
    private record Entry(String device, String key, int value) {}

    /** Compared with one list, searched from its beginning. */
    @Test
    void doesWhatAPlainListWouldDo() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            FairQueue<Entry> queue = new FairQueue<>(3, 7);
            List<Entry> list = new ArrayList<>();
            List<String> turns = new ArrayList<>();
            for (int i = 0; i < 80; i++) {
                if (random.nextInt(5) < 3) {
                    Entry entry = new Entry("d" + random.nextInt(4), "k" + random.nextInt(5), i);
                    boolean took = offer(list, turns, entry);
                    assertThat(queue.offer(entry.device, entry.key, entry))
                            .as("seed %d, %s", seed, entry)
                            .isEqualTo(took);
                } else if (random.nextInt(8) == 0) {
                    int above = random.nextInt(80);
                    List<Entry> taken = queue.takeIf(entry -> entry.value >= above);
                    assertThat(taken)
                            .containsExactlyInAnyOrderElementsOf(
                                    list.stream().filter(e -> e.value >= above).toList());
                    list.removeAll(taken);
                    turns.removeIf(device -> list.stream().noneMatch(e -> e.device.equals(device)));
                } else {
                    assertThat(queue.poll()).as("seed %d", seed).isEqualTo(poll(list, turns));
                }
                assertThat(queue.size()).isEqualTo(list.size());
            }
        }
    }

    private static boolean offer(List<Entry> list, List<String> turns, Entry entry) {
        list.removeIf(e -> e.device.equals(entry.device) && e.key.equals(entry.key));
        long mine = list.stream().filter(e -> e.device.equals(entry.device)).count();
        boolean room = mine < 3 && list.size() < 7;
        if (room) {
            list.add(entry);
            if (!turns.contains(entry.device)) {
                turns.add(entry.device);
            }
        } else if (mine == 0) {
            turns.remove(entry.device);
        }
        return room;
    }

    private static Entry poll(List<Entry> list, List<String> turns) {
        if (turns.isEmpty()) {
            return null;
        }
        String device = turns.remove(0);
        Entry entry =
                list.stream().filter(e -> e.device.equals(device)).findFirst().orElseThrow();
        list.remove(entry);
        if (list.stream().anyMatch(e -> e.device.equals(device))) {
            turns.add(device);
        }
        return entry;
    }
}
