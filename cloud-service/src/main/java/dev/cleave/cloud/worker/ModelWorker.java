package dev.cleave.cloud.worker;

import dev.cleave.codec.CodecException;
import dev.cleave.codec.CodecLevel;
import dev.cleave.codec.SessionDecoder;
import dev.cleave.codec.tuned.Calibration;
import dev.cleave.codec.tuned.CalibrationFile;
import dev.cleave.model.Architecture;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.ModelException;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.BundleFile;
import dev.cleave.model.sampling.Sampler;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.transport.RefusalCode;
import dev.cleave.transport.SessionLimits;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.worker.SessionRefusal;
import dev.cleave.transport.worker.WorkerSessions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** Opens sessions on back segments of one bundle: any split, any width that the bundle has, either mode. */
public final class ModelWorker implements WorkerSessions {
    private static final Logger LOG = Logger.getLogger(ModelWorker.class);

    /** Bytes of one chunk: managed brokers stop at 128 KB. */
    private static final int MAX_PAYLOAD = 96 * 1024;

    /** Steps under way in one session: less than any broker's receive maximum. */
    static final int WINDOW = 8;

    /** A session takes seconds to minutes: when one ends is not known. */
    private static final int RETRY_MILLIS = 1000;

    private final Bundle bundle;
    private final SegmentEngine engine;
    private final WorkerSettings settings;
    private final EngineProvider provider = EngineProvider.find();
    private final MemoryAccount memory;
    private final WorkerMetrics metrics;
    private final LogitsTap tap;
    private final Map<Object, Long> openings = new ConcurrentHashMap<>();
    private final Map<Integer, Calibration> calibrations = new ConcurrentHashMap<>();

    /** Creates a worker without sessions. The engine stays the caller's. */
    public ModelWorker(Bundle bundle, SegmentEngine engine, WorkerSettings settings, WorkerMetrics metrics) {
        this(bundle, engine, settings, metrics, LogitsTap.NONE);
    }

    ModelWorker(Bundle bundle, SegmentEngine engine, WorkerSettings settings, WorkerMetrics metrics, LogitsTap tap) {
        this.bundle = bundle;
        this.engine = engine;
        this.settings = settings;
        this.memory = new MemoryAccount(settings.kvBytes());
        this.metrics = metrics;
        this.tap = tap;
        metrics.watch(memory);
    }

    /** Returns the account of what its sessions take. */
    public MemoryAccount memory() {
        return memory;
    }

    /** Returns how long the longest opening that is under way has been so; zero where none is. */
    public Duration longestOpening() {
        long now = System.nanoTime();
        long longest = 0;
        for (long begun : openings.values()) {
            longest = Math.max(longest, now - begun);
        }
        return Duration.ofNanos(longest);
    }

    @Override
    public Opened open(SessionRequest request) {
        Object opening = new Object();
        openings.put(opening, System.nanoTime());
        try {
            Opened opened = accept(request);
            metrics.opened();
            return opened;
        } catch (SessionRefusal refusal) {
            metrics.refused(refusal.code());
            LOG.debugf("%s/%s refused: %s", request.device(), request.session(), refusal.getMessage());
            throw refusal;
        } finally {
            openings.remove(opening);
        }
    }

    private Opened accept(SessionRequest request) {
        checkModel(request.modelHash());
        SessionRequest.Shape shape = request.shape();
        checkShape(shape);
        SegmentSpec spec = new SegmentSpec(
                shape.split(),
                bundle.architecture().layers(),
                shape.backBits(),
                shape.exact() ? Mode.EXACT : Mode.FAST);
        Calibration calibration = calibration(shape);
        SamplingOptions sampling = sampling(request.sampling());
        SessionDecoder decoder = spec.takesIds()
                ? null
                : new SessionDecoder(bundle.architecture().hidden(), calibration);
        int chunk = Math.min(EngineOptions.DEFAULT.chunk(), shape.maxLength());
        SessionMemory need = SessionMemory.of(
                bundle.architecture(),
                provider.predict(bundle, spec, shape.maxLength(), KvPrecision.FLOAT32, EngineOptions.DEFAULT)
                        .total(),
                sampling,
                shape.maxLength(),
                chunk,
                decoder == null ? 0 : decoder.maxEncodedSize(chunk));
        MemoryAccount.Reservation reservation = memory.reserve(need.total()).orElseThrow(() -> full(need));
        Sequence sequence = null;
        try {
            sequence = engine.begin(bundle, spec, shape.maxLength(), KvPrecision.FLOAT32);
            return opened(request, sequence, decoder, new Sampler(vocabulary(), sampling), reservation);
        } catch (ModelException e) {
            release(sequence, reservation);
            throw refusal(e, request);
        } catch (RuntimeException | Error e) {
            release(sequence, reservation);
            throw e;
        }
    }

    private Opened opened(
            SessionRequest request,
            Sequence sequence,
            SessionDecoder decoder,
            Sampler sampler,
            MemoryAccount.Reservation reservation) {
        ModelSession session = new ModelSession(
                request,
                sequence,
                decoder,
                sampler,
                vocabulary(),
                new ModelSession.Surroundings(metrics, tap, () -> release(sequence, reservation)));
        SessionLimits limits =
                new SessionLimits(request.shape().maxLength(), sequence.chunk(), MAX_PAYLOAD, WINDOW, (int)
                        Math.min(Integer.MAX_VALUE, settings.idle().toMillis()));
        int frame = decoder == null ? 0 : decoder.maxEncodedSize(sequence.chunk());
        return new Opened(session, limits, frame);
    }

    private static void release(Sequence sequence, MemoryAccount.Reservation reservation) {
        try (reservation) {
            if (sequence != null) {
                sequence.close();
            }
        }
    }

    private int vocabulary() {
        return bundle.architecture().vocabulary();
    }

    private void checkModel(String hash) {
        if (!bundle.modelHash().equals(hash)) {
            throw new SessionRefusal(
                    RefusalCode.MODEL,
                    "the device has model " + hash + ", worker " + settings.name() + " has " + bundle.modelHash() + " ("
                            + bundle.name() + "); use the same bundle, or one prepared from the same checkpoint",
                    true);
        }
    }

    private void checkShape(SessionRequest.Shape shape) {
        Architecture architecture = bundle.architecture();
        if (shape.split() < 0 || shape.split() >= architecture.layers()) {
            throw unsupported("split " + shape.split() + " is outside 0.." + (architecture.layers() - 1)
                    + ": " + bundle.name() + " has " + architecture.layers()
                    + " layers, and with all of them on the device there is nothing left for a worker");
        }
        if (!bundle.widths().contains(shape.backBits())) {
            throw unsupported("back width " + shape.backBits() + " is not in the worker's bundle, which has "
                    + bundle.widths() + "; choose one of them, or prepare the bundle with it");
        }
        int limit = Math.min(settings.maxLength(), architecture.context());
        if (shape.maxLength() < 1 || shape.maxLength() > limit) {
            throw unsupported("length " + shape.maxLength() + " is outside 1.." + limit
                    + " tokens (the model's context is " + architecture.context() + "); ask for fewer");
        }
    }

    /** Returns the calibration that a session is to use, or null where it uses none. Read once for each split. */
    private Calibration calibration(SessionRequest.Shape shape) {
        try {
            CodecLevel.of(shape.quality());
        } catch (CodecException e) {
            throw unsupported(e.getMessage());
        }
        if (shape.calibration().isEmpty()) {
            return null;
        }
        String own =
                bundle.calibrationFile(shape.split()).map(BundleFile::sha256).orElse("none");
        if (!own.equals(shape.calibration())) {
            throw new SessionRefusal(
                    RefusalCode.UNSUPPORTED,
                    "the device has calibration " + shape.calibration() + " of split " + shape.split() + ", worker "
                            + settings.name() + " has " + own
                            + "; copy the calibrated bundle to both sides, or choose a quality that is not tuned",
                    true);
        }
        return calibrations.computeIfAbsent(
                shape.split(),
                split -> CalibrationFile.read(bundle.calibration(split).orElseThrow()));
    }

    private static SamplingOptions sampling(SessionRequest.SamplingRequest request) {
        SamplingOptions options =
                new SamplingOptions(request.temperature(), request.topK(), request.topP(), request.seed());
        try {
            Sampler.validate(options);
        } catch (ModelException e) {
            throw unsupported(e.getMessage());
        }
        return options;
    }

    private SessionRefusal full(SessionMemory need) {
        return SessionRefusal.later(
                RefusalCode.FULL,
                "worker " + settings.name() + " has no memory for another session of " + need + ": "
                        + memory.reserved() + " of " + memory.limit()
                        + " are taken (cleave.worker.kv-memory); try again later, or ask for fewer tokens",
                RETRY_MILLIS);
    }

    private SessionRefusal refusal(ModelException e, SessionRequest request) {
        if (e.reason() == ModelException.Reason.OUT_OF_RANGE) {
            return unsupported(e.getMessage());
        }
        // What the message names are files of this machine: they are for its log, not for a device.
        LOG.errorf(e, "Session %s/%s cannot be opened", request.device(), request.session());
        return new SessionRefusal(
                RefusalCode.INTERNAL,
                "worker " + settings.name() + " cannot open the segment (" + e.reason() + "); its log says why",
                true);
    }

    private static SessionRefusal unsupported(String message) {
        return new SessionRefusal(RefusalCode.UNSUPPORTED, message, false);
    }
}
