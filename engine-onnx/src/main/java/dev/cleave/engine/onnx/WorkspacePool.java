package dev.cleave.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import dev.cleave.model.Architecture;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Workspaces that closed segments gave back: direct buffers are freed by the garbage collector only, so that a worker that
 * opens and closes many sessions would pile them up.
 */
final class WorkspacePool implements AutoCloseable {
    private record Shape(int hidden, int feedForward, int vocabulary, int chunk) {}

    private final OrtEnvironment environment;
    private final Map<Shape, Deque<Workspace>> idle = new HashMap<>();
    private boolean closed;

    WorkspacePool(OrtEnvironment environment) {
        this.environment = environment;
    }

    synchronized Workspace take(Architecture architecture, int chunk) {
        Deque<Workspace> free = idle.get(shape(architecture, chunk));
        return free == null || free.isEmpty() ? new Workspace(environment, architecture, chunk) : free.pop();
    }

    synchronized void giveBack(Architecture architecture, int chunk, Workspace workspace) {
        if (closed) {
            workspace.close();
        } else {
            idle.computeIfAbsent(shape(architecture, chunk), s -> new ArrayDeque<>())
                    .push(workspace);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        idle.values().forEach(free -> free.forEach(Workspace::close));
        idle.clear();
    }

    private static Shape shape(Architecture architecture, int chunk) {
        return new Shape(architecture.hidden(), architecture.feedForward(), architecture.vocabulary(), chunk);
    }
}
