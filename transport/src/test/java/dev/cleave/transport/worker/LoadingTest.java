package dev.cleave.transport.worker;

import static dev.cleave.transport.broker.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.proto.Refused;
import dev.cleave.proto.WorkerMessage;
import dev.cleave.transport.Timeouts;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Openings that take long: weights come from a disk. */
class LoadingTest extends WorkerTest {
    /** More than a worker opens at once. */
    private static final int SLOW = 8;

    @Test
    void stepsOfOtherSessionsGoOnMeanwhile() throws Exception {
        worker(TIMEOUTS);
        RawDevice served = device("served");
        served.ask("session1", 1, "a");
        assertThat(served.hear().hasOpened()).isTrue();
        CountDownLatch disk = ScriptedSessions.latch();
        RawDevice slow = device("slow");
        for (int epoch = 100; epoch < 100 + SLOW; epoch++) {
            sessions.held.put(epoch, disk);
            slow.ask("slow-" + epoch, epoch, "s");
        }
        await(() -> sessions.begun.size() > 1);
        for (int position = 0; position < 20; position++) {
            served.step("w1", "session1", 1, position + 1, position);
            sessions.next().answer().done();
            assertThat(served.hear().getTokens().getSeq()).isEqualTo(position + 1);
        }
        disk.countDown();
        for (int i = 0; i < SLOW; i++) {
            assertThat(slow.hear().hasOpened()).isTrue();
        }
    }

    @Test
    void whatWaitsTooLongIsRefusedWithATimeToAskAgain() throws Exception {
        Timeouts quick = new Timeouts(
                TIMEOUTS.connect(), Duration.ofMillis(300), TIMEOUTS.step(), TIMEOUTS.close(), TIMEOUTS.keepAlive());
        WorkerLink worker = worker(quick);
        CountDownLatch disk = ScriptedSessions.latch();
        RawDevice slow = device("slow");
        for (int epoch = 1; epoch <= SLOW; epoch++) {
            sessions.held.put(epoch, disk);
            slow.ask("slow-00" + epoch, epoch, "s");
        }
        Refused refused = slow.hear().getRefused();
        assertThat(refused.getCode()).isEqualTo("FULL");
        assertThat(refused.getRetry()).isTrue();
        assertThat(refused.getRetryAfterMs()).isPositive();
        assertThat(refused.getMessage())
                .contains("300 ms")
                .contains("ask again in " + refused.getRetryAfterMs() + " ms");
        disk.countDown();
        int opened = 0;
        int turnedAway = 1;
        while (opened + turnedAway < SLOW) {
            WorkerMessage answer = slow.hear();
            opened += answer.hasOpened() ? 1 : 0;
            turnedAway += answer.hasRefused() ? 1 : 0;
        }
        assertThat(opened).isPositive();
        int there = opened;
        await(() -> worker.sessions() == there && sessions.open.size() == there);
    }

    @Test
    void oneDeviceFillsItsOwnShareOnly() throws Exception {
        worker(broker.uri(), TIMEOUTS, 1000, sessions);
        CountDownLatch disk = ScriptedSessions.latch();
        RawDevice greedy = device("greedy");
        int many = Openings.MOST_OF_ONE + 10;
        for (int epoch = 1; epoch <= many; epoch++) {
            sessions.held.put(epoch, disk);
            greedy.ask("greed" + (100 + epoch), epoch, "g");
        }
        assertThat(greedy.hear().getRefused().getRetryAfterMs()).isPositive();
        RawDevice modest = device("modest");
        sessions.held.put(5000, disk);
        modest.ask("session1", 5000, "m");
        disk.countDown();
        assertThat(modest.hear().hasOpened()).isTrue();
        // Its turn came before the whole of the other's share.
        assertThat(sessions.begun.stream().takeWhile(epoch -> epoch != 5000).count())
                .isLessThan(Openings.MOST_OF_ONE);
    }
}
