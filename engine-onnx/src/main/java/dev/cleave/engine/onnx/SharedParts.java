package dev.cleave.engine.onnx;

/** What the segments of one engine share. */
final class SharedParts implements AutoCloseable {
    private final OrtRuntime runtime;
    private final Shared<LoadedLayer.Key, LoadedLayer> layers;
    private final Shared<RotaryTable.Key, RotaryTable> rotary = new Shared<>(false);
    private final WorkspacePool workspaces;

    SharedParts(OrtRuntime runtime, boolean keepWeights) {
        this.runtime = runtime;
        this.layers = new Shared<>(keepWeights);
        this.workspaces = new WorkspacePool(runtime.environment());
    }

    OrtRuntime runtime() {
        return runtime;
    }

    Shared<LoadedLayer.Key, LoadedLayer> layers() {
        return layers;
    }

    Shared<RotaryTable.Key, RotaryTable> rotary() {
        return rotary;
    }

    WorkspacePool workspaces() {
        return workspaces;
    }

    @Override
    public void close() {
        layers.close();
        rotary.close();
        workspaces.close();
    }
}
