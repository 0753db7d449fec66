package dev.cleave.cloud.worker;

import dev.cleave.transport.StepFinish;
import dev.cleave.transport.worker.SessionFailure;
import dev.cleave.transport.worker.StepAnswer;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a step yields. */
final class TestAnswer implements StepAnswer {
    final List<Integer> ids = new ArrayList<>();
    final List<Float> logProbabilities = new ArrayList<>();
    StepFinish finish = StepFinish.RUNNING;
    int[] micros = {};
    boolean done;
    SessionFailure failure;

    @Override
    public void token(int id, float logProbability) {
        ids.add(id);
        logProbabilities.add(logProbability);
    }

    @Override
    public void finish(StepFinish how) {
        finish = how;
    }

    @Override
    public void timings(int decodeMicros, int computeMicros, int sampleMicros) {
        micros = new int[] {decodeMicros, computeMicros, sampleMicros};
    }

    @Override
    public void done() {
        done = true;
    }

    @Override
    public void failed(SessionFailure cause) {
        failure = cause;
    }
}
