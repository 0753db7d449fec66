package dev.cleave.transport.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.transport.TransportException;
import dev.cleave.transport.TransportException.Reason;
import dev.cleave.transport.internal.MqttLink;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In which order, and how many at a time, what must arrive leaves; the broker acknowledges when a test says so. */
@Timeout(30)
class OutboxTest {
    private final List<String> sent = new ArrayList<>();
    private final Deque<MqttLink.Delivery> unacknowledged = new ArrayDeque<>();
    private boolean lost;
    private final Outbox outbox = new Outbox(this::publish, 3);

    private void publish(String topic, byte[] message, boolean retained, MqttLink.Delivery delivery) {
        if (lost) {
            throw new TransportException(Reason.BROKER_LOST, "gone", null);
        }
        sent.add(topic + "=" + new String(message, StandardCharsets.UTF_8) + (retained ? "!" : ""));
        unacknowledged.add(delivery);
    }

    private void acknowledge(int count) {
        for (int i = 0; i < count; i++) {
            unacknowledged.remove().ended(null);
        }
    }

    private void answer(String device, String session, String text) {
        outbox.answer(device, device + "/" + session, device + "." + session, text.getBytes(StandardCharsets.UTF_8));
    }

    private void acknowledgeAll() {
        while (!unacknowledged.isEmpty()) {
            acknowledge(1);
        }
    }

    @Test
    void severalAreUnderWayAndNoMoreThanTheBrokerTakes() {
        for (int i = 0; i < 5; i++) {
            answer("d1", "s" + i, "a");
        }
        assertThat(sent).containsExactly("d1.s0=a", "d1.s1=a", "d1.s2=a");
        acknowledge(1);
        assertThat(sent).endsWith("d1.s3=a").hasSize(4);
        acknowledgeAll();
        assertThat(sent).hasSize(5);
        assertThat(outbox.awaitEmpty(Duration.ZERO)).isTrue();
    }

    @Test
    void aNewerAnswerTakesThePlaceOfAnOlder() {
        answer("d1", "s0", "a");
        answer("d1", "s1", "a");
        answer("d1", "s2", "a");
        answer("d1", "s3", "old");
        answer("d1", "s4", "a");
        answer("d1", "s3", "new");
        acknowledgeAll();
        assertThat(sent).containsExactly("d1.s0=a", "d1.s1=a", "d1.s2=a", "d1.s4=a", "d1.s3=new");
    }

    @Test
    void devicesTakeTurnsAndNoneFillsTheOutbox() {
        for (int i = 0; i < 2 * Outbox.MOST_OF_ONE; i++) {
            answer("greedy", "s" + i, "a");
        }
        answer("modest", "s0", "a");
        acknowledge(2);
        assertThat(sent.get(4)).isEqualTo("modest.s0=a");
        acknowledgeAll();
        assertThat(sent).hasSize(3 + Outbox.MOST_OF_ONE + 1);
    }

    @Test
    void answersLeaveBeforePresenceAndLastWordsBeforeAll() {
        for (int i = 0; i < 3; i++) {
            answer("d1", "s" + i, "a");
        }
        outbox.publish("presence", "full".getBytes());
        outbox.publish("profile", "p".getBytes());
        answer("d1", "s3", "a");
        outbox.publish("presence", "ready".getBytes());
        acknowledge(2);
        assertThat(sent.subList(3, sent.size())).containsExactly("d1.s3=a", "presence=ready!");
        answer("d1", "s4", "a");
        outbox.publish("presence", "full".getBytes());
        outbox.publishLast("presence", new byte[0]);
        acknowledgeAll();
        assertThat(sent.subList(5, sent.size())).containsExactly("presence=!", "d1.s4=a", "profile=p!");
    }

    @Test
    void aLostConnectionHoldsUpNobody() {
        for (int i = 0; i < 6; i++) {
            answer("d1", "s" + i, "a");
        }
        lost = true;
        acknowledgeAll();
        assertThat(outbox.awaitEmpty(Duration.ZERO)).isTrue();
        assertThatThrownBy(() -> outbox.deliver("presence", new byte[1], Duration.ofSeconds(5)))
                .isInstanceOfSatisfying(
                        TransportException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BROKER_LOST));
    }

    @Test
    void aDeliveryThatIsNotAcknowledgedEndsAtItsLimit() {
        assertThatThrownBy(() -> outbox.deliver("presence", new byte[1], Duration.ofMillis(50)))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("presence")
                .hasMessageContaining("50 ms");
        assertThat(outbox.awaitEmpty(Duration.ofMillis(20))).isFalse();
    }
}
