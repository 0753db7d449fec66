package dev.cleave.transport.worker;

import static dev.cleave.transport.broker.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.proto.CancelSession;
import dev.cleave.proto.DeviceMessage;
import dev.cleave.proto.Finish;
import dev.cleave.proto.SessionError;
import dev.cleave.proto.Tokens;
import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.SessionErrorCode;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.Step;
import dev.cleave.transport.StepSample;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.device.DeviceLink;
import dev.cleave.transport.device.DeviceSession;
import dev.cleave.transport.worker.ScriptedSessions.Handed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
            List<Handed> batch = new ArrayList<>();
            for (int i = 0; i < devices.size(); i++) {
                batch.add(sessions.next());
            }
            assertThat(batch).extracting(s -> s.request().device()).doesNotHaveDuplicates();
            for (Handed each : batch) {
                assertThat(each.work().step().position()).isEqualTo(position);
            }
            assertThat(sessions.steps)
                    .as("a second step of a session whose first is not over")
                    .isEmpty();
            for (Handed each : batch) {
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
        Handed first = sessions.next();
        first.answer().done();
        Handed second = sessions.next();
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
        Handed first = sessions.next();
        device.tell(
                "w1",
                SESSION,
                DeviceMessage.newBuilder()
                        .setCancel(CancelSession.newBuilder().setEpoch(1))
                        .build());
        await(first.work()::cancelled);
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
        Handed step = sessions.next();
        device.close("w1", SESSION, 1, "a");
        await(() -> worker.sessions() == 0);
        assertThat(step.work().cancelled()).isTrue();
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
        Handed step = sessions.next();
        SessionError error = device.hear().getError();
        assertThat(error.getCode()).isEqualTo("INTERNAL");
        assertThat(error.getMessage()).contains("300 ms");
        assertThat(worker.sessions()).isZero();
        assertThat(sessions.open).as("what a step may still use").containsExactly(1);
        step.answer().done();
        await(() -> sessions.open.isEmpty());
        assertThat(device.heardAlready()).isEmpty();
    }

    @Test
    void aStepArrivesAsItWasSent() throws Exception {
        worker(TIMEOUTS);
        SessionRequest request = new SessionRequest(
                "d1",
                SESSION,
                1,
                RawDevice.MODEL,
                new SessionRequest.Shape(6, 4, 8, false, "int8", 256),
                new SessionRequest.SamplingRequest(0, 0, 1, 0),
                List.of());
        DeviceLink link =
                closing(DeviceLink.connect(BrokerOptions.of(broker.uri().toString()), "d1", TIMEOUTS));
        DeviceSession session = closing(link.open(request));
        byte[] frame = {9, 1, 2, 3, 9};
        int[] shown = {70_000, 5, 6};
        session.send(Step.frame(7, 3, StepSample.ALL, frame, 1, 3).forcing(new Step.Forced(shown, 1, 2, false)));
        Handed came = sessions.next();
        Step step = came.work().step();
        assertThat(step.position()).isEqualTo(7);
        assertThat(step.rows()).isEqualTo(3);
        assertThat(step.sample()).isEqualTo(StepSample.ALL);
        assertThat(step.sampled()).isEqualTo(3);
        assertThat(step.forcedCount()).isEqualTo(2);
        assertThat(step.forcedId(0)).isEqualTo(5);
        assertThat(step.forcedId(1)).isEqualTo(6);
        assertThat(step.scored()).isFalse();
        Step.Frame content = (Step.Frame) step.content();
        assertThat(Arrays.copyOfRange(content.bytes(), content.offset(), content.offset() + content.length()))
                .containsExactly(1, 2, 3);
        for (int id : new int[] {5, 6, 8}) {
            came.answer().token(id, -1);
        }
        came.answer().done();
        assertThat(session.receive().count())
                .as("one answer may hold several ids")
                .isEqualTo(3);
    }
}
