package dev.cleave.transport.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.proto.CancelSession;
import dev.cleave.proto.DeviceMessage;
import dev.cleave.proto.Finish;
import dev.cleave.proto.SessionError;
import dev.cleave.proto.Tokens;
import dev.cleave.transport.SessionErrorCode;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.worker.ScriptedSessions.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Steps that end later, on another thread than they began on. */
class LaterStepTest extends WorkerTest {
    private static final String SESSION = "session1";

    private RawDevice open(WorkerLink worker, String name) throws Exception {
        RawDevice device = device(name);
        device.ask(SESSION, 1, "a");
        assertThat(device.hear().hasOpened()).isTrue();
        return device;
    }

    @Test
    void stepsOfManySessionsWaitTogetherAndOneOfEachAtATime() throws Exception {
        WorkerLink worker = worker(TIMEOUTS);
        List<RawDevice> devices = new ArrayList<>();
        // More sessions than the executor has threads: none waits on one.
        for (int i = 0; i < 6; i++) {
            devices.add(open(worker, "d" + i));
        }
        for (RawDevice device : devices) {
            device.step("w1", SESSION, 1, 1, 0);
            device.step("w1", SESSION, 1, 2, 1);
        }
        for (int position = 0; position < 2; position++) {
            List<Step> batch = new ArrayList<>();
            for (int i = 0; i < devices.size(); i++) {
                batch.add(sessions.next());
            }
            assertThat(batch).extracting(s -> s.request().device()).doesNotHaveDuplicates();
            for (Step each : batch) {
                assertThat(each.step().position()).isEqualTo(position);
            }
            assertThat(sessions.steps)
                    .as("a second step of a session whose first is not over")
                    .isEmpty();
            for (Step each : batch) {
                each.answer().token(40 + position, -1);
                each.answer().done();
            }
            for (RawDevice device : devices) {
                Tokens tokens = device.hear().getTokens();
                assertThat(tokens.getSeq()).isEqualTo(position + 1);
                assertThat(tokens.getIdsList()).containsExactly(40 + position);
            }
        }
    }

    @Test
    void onlyTheFirstEndOfAStepCounts() throws Exception {
        WorkerLink worker = worker(TIMEOUTS);
        RawDevice device = open(worker, "d1");
        device.step("w1", SESSION, 1, 1, 0);
        device.step("w1", SESSION, 1, 2, 1);
        Step first = sessions.next();
        first.answer().done();
        Step second = sessions.next();
        first.answer().done();
        first.answer().failed(new SessionFailure(SessionErrorCode.INTERNAL, "too late"));
        second.answer().done();
        assertThat(device.hear().getTokens().getSeq()).isEqualTo(1);
        assertThat(device.hear().getTokens().getSeq()).isEqualTo(2);
        assertThat(worker.sessions()).isOne();
    }

    @Test
    void aFailureThatComesLaterEndsTheSession() throws Exception {
        WorkerLink worker = worker(TIMEOUTS);
        RawDevice device = open(worker, "d1");
        device.step("w1", SESSION, 1, 1, 0);
        sessions.next().answer().failed(new SessionFailure(SessionErrorCode.BAD_FRAME, "damaged"));
        SessionError error = device.hear().getError();
        assertThat(error.getCode()).isEqualTo("BAD_FRAME");
        assertThat(error.getSeq()).isOne();
        await(() -> sessions.open.isEmpty() && worker.sessions() == 0);
    }

    @Test
    void cancellingReachesAStepThatIsUnderWay() throws Exception {
        WorkerLink worker = worker(TIMEOUTS);
        RawDevice device = open(worker, "d1");
        device.step("w1", SESSION, 1, 1, 0);
        device.step("w1", SESSION, 1, 2, 1);
        Step first = sessions.next();
        device.tell(
                "w1",
                SESSION,
                DeviceMessage.newBuilder()
                        .setCancel(CancelSession.newBuilder().setEpoch(1))
                        .build());
        await(first.step()::cancelled);
        first.answer().done();
        assertThat(device.hear().getTokens().getFinish()).isEqualTo(Finish.RUNNING);
        assertThat(device.hear().getTokens().getFinish()).isEqualTo(Finish.CANCELLED);
        assertThat(sessions.steps).isEmpty();
    }

    @Test
    void aSessionIsClosedWhenItsStepIsOverAndNotBefore() throws Exception {
        WorkerLink worker = worker(TIMEOUTS);
        RawDevice device = open(worker, "d1");
        device.step("w1", SESSION, 1, 1, 0);
        Step step = sessions.next();
        device.close("w1", SESSION, 1, "a");
        await(() -> worker.sessions() == 0);
        assertThat(step.step().cancelled()).isTrue();
        assertThat(sessions.open).containsExactly(1);
        step.answer().done();
        await(() -> sessions.open.isEmpty());
    }

    @Test
    void aStepThatDoesNotEndEndsItsSessionAtTheLimit() throws Exception {
        Timeouts quick = new Timeouts(
                TIMEOUTS.connect(), TIMEOUTS.open(), Duration.ofMillis(300), TIMEOUTS.close(), TIMEOUTS.keepAlive());
        WorkerLink worker = worker(quick);
        RawDevice device = open(worker, "d1");
        device.step("w1", SESSION, 1, 1, 0);
        Step step = sessions.next();
        SessionError error = device.hear().getError();
        assertThat(error.getCode()).isEqualTo("INTERNAL");
        assertThat(error.getMessage()).contains("300 ms");
        assertThat(worker.sessions()).isZero();
        assertThat(sessions.open).as("what a step may still use").containsExactly(1);
        step.answer().done();
        await(() -> sessions.open.isEmpty());
        assertThat(device.heardAlready()).isEmpty();
    }
}
