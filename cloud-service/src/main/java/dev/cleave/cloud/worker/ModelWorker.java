package dev.cleave.cloud.worker;

import dev.cleave.codec.Calibration;
import dev.cleave.codec.CalibrationFile;
import dev.cleave.codec.CodecException;
import dev.cleave.codec.LinkQuality;
import dev.cleave.codec.SessionDecoder;
import dev.cleave.model.Architecture;
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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** Opens sessions on back segments of one bundle: any split, any width that the bundle has, either mode. */
public final class ModelWorker implements WorkerSessions {
    private static final Logger LOG = Logger.getLogger(ModelWorker.class);

    /** Bytes of one chunk: managed brokers stop at 128 KB. */
    private static final int MAX_PAYLOAD = 96 * 1024;

    /** Steps under way in one session: less than any broker's receive maximum. */
    private static final int WINDOW = 8;

    private final Bundle bundle;
    private final SegmentEngine engine;
    private final WorkerSettings settings;
    private final KvAccount kv;
    private final WorkerMetrics metrics;
    private final LogitsTap tap;
    private final Map<Integer, Calibration> calibrations = new ConcurrentHashMap<>();

    /** Creates a worker without sessions. The engine stays the caller's. */
    public ModelWorker(Bundle bundle, SegmentEngine engine, WorkerSettings settings, WorkerMetrics metrics) {
        this(bundle, engine, settings, metrics, LogitsTap.NONE);
    }

    ModelWorker(Bundle bundle, SegmentEngine engine, WorkerSettings settings, WorkerMetrics metrics, LogitsTap tap) {
        this.bundle = bundle;
        this.engine = engine;
        this.settings = settings;
        this.kv = new KvAccount(settings.kvBytes());
        this.metrics = metrics;
        this.tap = tap;
        metrics.watch(kv);
    }

    /** Returns the account of its sessions' KV caches. */
    public KvAccount kv() {
        return kv;
    }

    @Override
    public Opened open(SessionRequest request) {
        try {
            Opened opened = accept(request);
            metrics.opened();
            return opened;
        } catch (SessionRefusal refusal) {
            metrics.refused(refusal.code());
            LOG.debugf("%s/%s refused: %s", request.device(), request.session(), refusal.getMessage());
            throw refusal;
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
        long bytes = kvBytes(spec, shape.maxLength());
        if (!kv.reserve(bytes)) {
            throw full(bytes);
        }
        Sequence segment = null;
        try {
            segment = engine.begin(bundle, spec, shape.maxLength(), KvPrecision.FLOAT32);
            return opened(request, segment, calibration, sampling, bytes);
        } catch (ModelException e) {
            release(segment, bytes);
            throw refusal(e, request);
        } catch (RuntimeException | Error e) {
            release(segment, bytes);
            throw e;
        }
    }

    private Opened opened(
            SessionRequest request, Sequence segment, Calibration calibration, SamplingOptions sampling, long bytes) {
        Architecture architecture = bundle.architecture();
        boolean ids = segment.segment().spec().takesIds();
        SessionDecoder decoder = ids ? null : new SessionDecoder(architecture.hidden(), calibration);
        ModelSession session = new ModelSession(
                request,
                segment,
                decoder,
                new Sampler(architecture.vocabulary(), sampling),
                architecture.vocabulary(),
                new ModelSession.Surroundings(metrics, tap, () -> release(segment, bytes)));
        SessionLimits limits =
                new SessionLimits(request.shape().maxLength(), segment.chunk(), MAX_PAYLOAD, WINDOW, (int)
                        Math.min(Integer.MAX_VALUE, settings.idle().toMillis()));
        int frame = ids ? 0 : decoder.maxEncodedSize(segment.chunk());
        return new Opened(session, limits, frame);
    }

    private void release(Sequence segment, long bytes) {
        try {
            if (segment != null) {
                segment.close();
            }
        } finally {
            kv.release(bytes);
        }
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
            LinkQuality.of(shape.quality());
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

    /** Keys and values of every layer and position, float32. */
    private long kvBytes(SegmentSpec spec, int maxLength) {
        Architecture architecture = bundle.architecture();
        return 2L * Float.BYTES * spec.layers() * architecture.kvHeads() * architecture.headSize() * maxLength;
    }

    private SessionRefusal full(long bytes) {
        return new SessionRefusal(
                RefusalCode.FULL,
                "worker " + settings.name() + " has no memory for another KV cache of " + bytes + " bytes: "
                        + kv.reserved()
                        + " of " + kv.limit()
                        + " are taken (cleave.worker.kv-memory); try again later, or ask for fewer"
                        + " tokens",
                true);
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
