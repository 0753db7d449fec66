package dev.cleave.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.cleave.engine.onnx.internal.ZerosGraph;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** The process's one ONNX Runtime environment, with its thread pool. */
final class OrtRuntime {
    private static final System.Logger LOG = System.getLogger(OrtRuntime.class.getName());
    private static final String NAME = "cleave";

    private static OrtRuntime instance;

    private final OrtEnvironment environment;
    private final EngineOptions options;
    private final Map<KvPrecision, OrtSession> zeros = new EnumMap<>(KvPrecision.class);

    private OrtRuntime(OrtEnvironment environment, EngineOptions options) {
        this.environment = environment;
        this.options = options;
    }

    /** Returns the environment; the first call decides its threads. */
    static synchronized OrtRuntime get(EngineOptions options) {
        if (instance == null) {
            instance = new OrtRuntime(create(options), options);
        } else if (instance.options.threads() != options.threads()
                || instance.options.spinning() != options.spinning()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "ONNX Runtime already has {0} threads (spinning {1}) in this process: asked for {2} (spinning {3}), not"
                            + " changed. Set them before the first engine opens.",
                    instance.options.threads(),
                    instance.options.spinning(),
                    options.threads(),
                    options.spinning());
        }
        return instance;
    }

    private static OrtEnvironment create(EngineOptions options) {
        try (OrtEnvironment.ThreadingOptions threading = new OrtEnvironment.ThreadingOptions()) {
            threading.setGlobalIntraOpNumThreads(options.threads());
            threading.setGlobalInterOpNumThreads(1);
            threading.setGlobalSpinControl(options.spinning());
            OrtEnvironment environment =
                    OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, NAME, threading);
            holdUntilExit();
            return environment;
        } catch (OrtException e) {
            throw failed("ONNX Runtime does not start", e);
        }
    }

    /**
     * Takes a second reference to the environment, which nobody gives back: ONNX Runtime's shutdown hook frees the first
     * while other threads may still run sessions, and the process would crash instead of exiting (its issue 31352). The
     * binding has no public way to do that.
     */
    private static void holdUntilExit() {
        try {
            Field api = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
            api.setAccessible(true);
            Method create = OrtEnvironment.class.getDeclaredMethod("createHandle", long.class, int.class, String.class);
            create.setAccessible(true);
            create.invoke(null, api.getLong(null), OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL.getValue(), NAME);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "Stop inference before the process exits: {0}", e.toString());
        }
    }

    OrtEnvironment environment() {
        return environment;
    }

    /**
     * Creates a session.
     *
     * @param model an ONNX model whose weights lie in files of the folder
     */
    OrtSession session(byte[] model, Path folder) {
        try (OrtSession.SessionOptions session = new OrtSession.SessionOptions()) {
            session.disablePerSessionThreads();
            session.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
            session.addConfigEntry(
                    "session.model_external_initializers_file_folder_path",
                    folder.toAbsolutePath().toString());
            // An arena for each layer would keep its own scratch memory, and take far more than a step needs.
            session.setCPUArenaAllocator(false);
            session.setMemoryPatternOptimization(false);
            session.addConfigEntry("session.use_device_allocator_for_initializers", "1");
            return environment.createSession(model, session);
        } catch (OrtException e) {
            throw failed("ONNX Runtime cannot load a part of " + folder, e);
        }
    }

    /** Returns a tensor of zeros, in memory that closing it frees at once. */
    OnnxTensor zeros(KvPrecision precision, long... shape) throws OrtException {
        try (OnnxTensor dimensions = OnnxTensor.createTensor(environment, shape)) {
            return (OnnxTensor)
                    zeros(precision).run(Map.of(ZerosGraph.SHAPE, dimensions)).get(0);
        }
    }

    private synchronized OrtSession zeros(KvPrecision precision) {
        return zeros.computeIfAbsent(precision, each -> session(ZerosGraph.build(each), Path.of("")));
    }

    static ModelException failed(String what, OrtException e) {
        return new ModelException(Reason.ENGINE, what + ": " + e.getMessage(), e);
    }
}
