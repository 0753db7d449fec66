package dev.cleave.transport.worker;

import static dev.cleave.transport.broker.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.cleave.proto.SessionError;
import dev.cleave.proto.WorkerMessage;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Of a session's openings the newest wins, whatever order openings, closings and their ends come in. */
class OpeningOrderTest extends WorkerTest {
    private static final String SESSION = "session1";

    @Test
    void anOlderOpeningThatEndsLateIsClosedAndSaysSo() throws Exception {
        WorkerLink worker = worker(TIMEOUTS);
        RawDevice device = device("d1");
        CountDownLatch first = ScriptedSessions.latch();
        sessions.held.put(1, first);
        device.ask(SESSION, 1, "a");
        await(() -> sessions.begun.contains(1));
        device.ask(SESSION, 2, "b");
        WorkerMessage newer = device.hear();
        assertThat(newer.getOpened().getEpoch()).isEqualTo(2);
        assertThat(newer.getOpened().getNonce().toStringUtf8()).isEqualTo("b");
        first.countDown();
        WorkerMessage older = device.hear();
        assertThat(older.getRefused().getEpoch()).isEqualTo(1);
        assertThat(older.getRefused().getNonce().toStringUtf8()).isEqualTo("a");
        assertThat(older.getRefused().getCode()).isEqualTo("STALE");
        assertThat(older.getRefused().getRetry()).isFalse();
        await(() -> sessions.open.equals(Set.of(2)));
        assertThat(worker.sessions()).isOne();

        device.step("w1", SESSION, 2, 1, 0);
        sessions.next().answer().done();
        assertThat(device.hear().getTokens().getEpoch()).isEqualTo(2);
    }

    @Test
    void anOlderOpeningThatComesLateIsRefused() throws Exception {
        WorkerLink worker = worker(TIMEOUTS);
        RawDevice device = device("d1");
        device.ask(SESSION, 5, "e");
        assertThat(device.hear().getOpened().getEpoch()).isEqualTo(5);
        device.ask(SESSION, 4, "d");
        assertThat(device.hear().getRefused().getCode()).isEqualTo("STALE");
        device.ask(SESSION, 5, "e");
        assertThat(device.hear().getOpened().getEpoch())
                .as("the same opening gets the same answer")
                .isEqualTo(5);
        assertThat(worker.sessions()).isOne();
        assertThat(sessions.begun).containsExactly(5);
    }

    @Test
    void errorsCarryEpochAndNonceOfWhatTheyAnswer() throws Exception {
        WorkerLink worker = worker(TIMEOUTS);
        RawDevice device = device("d1");
        device.step("w1", SESSION, 7, 3, 0);
        SessionError nobody = device.hear().getError();
        assertThat(nobody.getCode()).isEqualTo("UNKNOWN_SESSION");
        assertThat(nobody.getEpoch()).isEqualTo(7);
        assertThat(nobody.getSeq()).isEqualTo(3);
        assertThat(nobody.getNonce().isEmpty()).isTrue();

        device.ask(SESSION, 8, "h");
        assertThat(device.hear().hasOpened()).isTrue();
        device.step("w1", SESSION, 7, 4, 0);
        SessionError older = device.hear().getError();
        assertThat(older.getCode()).isEqualTo("UNKNOWN_SESSION");
        assertThat(older.getEpoch()).isEqualTo(7);
        assertThat(older.getSeq()).isEqualTo(4);
        assertThat(worker.sessions()).as("what an older epoch does wrong").isOne();

        device.step("w1", SESSION, 8, 3, 0);
        SessionError gap = device.hear().getError();
        assertThat(gap.getCode()).isEqualTo("GAP");
        assertThat(gap.getExpectedSeq()).isOne();
        assertThat(gap.getEpoch()).isEqualTo(8);
        assertThat(gap.getNonce()).isEqualTo(ByteString.copyFromUtf8("h"));
        assertThat(worker.sessions()).isOne();

        device.step("w1", SESSION, 8, 1, 100_000);
        SessionError range = device.hear().getError();
        assertThat(range.getCode()).isEqualTo("OUT_OF_RANGE");
        assertThat(range.getEpoch()).isEqualTo(8);
        assertThat(range.getNonce()).isEqualTo(ByteString.copyFromUtf8("h"));
        await(() -> worker.sessions() == 0);
    }

    @Test
    void aClosingEndsWhatItMeansAndNothingElse() throws Exception {
        WorkerLink worker = worker(TIMEOUTS);
        RawDevice device = device("d1");
        device.ask(SESSION, 2, "b");
        assertThat(device.hear().hasOpened()).isTrue();
        device.close("w1", SESSION, 1, "a");
        device.close("w1", SESSION, 2, "a");
        device.close("w1", SESSION, 2, "");
        device.close("w1", SESSION, 3, "b");
        device.step("w1", SESSION, 2, 1, 0);
        sessions.next().answer().done();
        assertThat(device.hear().hasTokens()).isTrue();
        device.close("w1", SESSION, 2, "b");
        await(() -> worker.sessions() == 0 && sessions.open.isEmpty());
    }

    @Test
    void aClosingEndsAnOpeningThatIsStillUnderWay() throws Exception {
        WorkerLink worker = worker(TIMEOUTS);
        RawDevice device = device("d1");
        CountDownLatch first = ScriptedSessions.latch();
        sessions.held.put(1, first);
        device.ask(SESSION, 1, "a");
        await(() -> sessions.begun.contains(1));
        device.close("w1", SESSION, 1, "a");
        device.step("w1", "session0", 9, 1, 0);
        assertThat(device.hear().getError().getEpoch()).isEqualTo(9);
        first.countDown();
        assertThat(device.hear().getRefused().getCode()).isEqualTo("STALE");
        await(() -> sessions.open.isEmpty());
        assertThat(worker.sessions()).isZero();
    }

    /** Model: the newest epoch that was asked for is open, unless its closing came behind it. */
    @Test
    void anyOrderLeavesTheNewestOpenOrNone() throws Exception {
        WorkerLink worker = worker(TIMEOUTS);
        RawDevice device = device("d1");
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            String session = "order" + (100 + seed);
            CountDownLatch gate = ScriptedSessions.latch();
            int base = 1000 * (seed + 1);
            int newest = 0;
            boolean open = false;
            for (int i = 0; i < 12; i++) {
                int epoch = base + 1 + random.nextInt(6);
                boolean held = random.nextInt(3) == 0;
                if (held) {
                    sessions.held.putIfAbsent(epoch, gate);
                }
                if (random.nextInt(3) > 0) {
                    device.ask(session, epoch, "n" + epoch);
                    // An opening that was closed may be asked for again.
                    open = epoch >= newest || open;
                    newest = Math.max(newest, epoch);
                } else {
                    device.close("w1", session, epoch, "n" + epoch);
                    open = open && epoch != newest;
                    newest = open ? newest : 0;
                }
                if (random.nextInt(6) == 0) {
                    gate.countDown();
                }
            }
            gate.countDown();
            String name = "seed " + seed;
            int expected = open ? newest : 0;
            await(() -> worker.sessions() == (expected == 0 ? 0 : 1)
                    && sessions.open.equals(expected == 0 ? Set.of() : Set.of(expected)));
            if (expected != 0) {
                device.step("w1", session, expected, 1, 0);
                ScriptedSessions.Handed step = sessions.next();
                assertThat(step.request().epoch()).as(name).isEqualTo(expected);
                step.answer().done();
                device.close("w1", session, expected, "n" + expected);
                await(() -> sessions.open.isEmpty());
            }
        }
    }
}
