package dev.cleave.generation.link;

import dev.cleave.codec.CodecLevel;
import dev.cleave.codec.Encoder;
import dev.cleave.model.Architecture;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.optimizer.profile.LinkProfile;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.Step;
import dev.cleave.transport.StepSample;
import dev.cleave.transport.device.DeviceLink;
import dev.cleave.transport.device.DeviceSession;
import dev.cleave.transport.device.StepReply;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Random;

/**
 * Measures a link by a session of its own, in pairs of steps that follow each other: a small one of one token and a large one of
 * at least 48 KiB, both lossless. What the large one takes longer is the bytes' time, and the rest the round trip's; what the
 * worker took is told by the worker and left out. In front of each pair goes another small one: the wait for a large step lets
 * both ends fall asleep, and what follows it takes longer than a step of decoding does. Where the worker takes fewer bytes in
 * one step, or the model's context holds no more, the large one is several, one behind the other.
 */
public final class LinkProbe {
    private static final int LEAST_PAIRS = 3;

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MICROS_PER_MILLI = 1e3;

    private final DeviceLink link;
    private final Bundle bundle;
    private final Encoder encoder;
    private final float[] rows;
    private final byte[] frame;
    private DeviceSession session;

    // Of the last step.
    private double millis;
    private double heldMillis;
    private long socketBytes;
    private int frameBytes;

    private LinkProbe(DeviceLink link, Bundle bundle) {
        this.link = link;
        this.bundle = bundle;
        int width = bundle.architecture().hidden();
        int large = (LinkWindow.LARGE_BYTES + width * Float.BYTES - 1) / (width * Float.BYTES);
        encoder = CodecLevel.of("lossless").encoder(width);
        rows = new float[large * width];
        Random random = new Random(1);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) random.nextGaussian();
        }
        frame = new byte[encoder.maxEncodedSize(large)];
    }

    /**
     * Measures.
     *
     * @param link stays the caller's
     * @param device name that the link has connected under
     * @param pairs of steps, 1..256
     * @param limit after which no more pair begins; at least three are made
     * @throws dev.cleave.transport.TransportException where no worker takes the session, or the link breaks
     */
    public static LinkProfile measure(DeviceLink link, String device, Bundle bundle, int pairs, Duration limit) {
        Architecture shape = bundle.architecture();
        if (shape.layers() < 2) {
            throw new IllegalArgumentException("a model of one layer has no split that activations cross");
        }
        LinkProbe probe = new LinkProbe(link, bundle);
        try (DeviceSession session = link.open(probe.request(device))) {
            probe.session = session;
            return probe.pairs(pairs, limit).profile();
        }
    }

    private SessionRequest request(String device) {
        Architecture shape = bundle.architecture();
        int bits = bundle.widths().get(0);
        return new SessionRequest(
                device,
                SessionNames.next(),
                1,
                bundle.modelHash(),
                // The worker's last layer alone: what is measured is the way there.
                new SessionRequest.Shape(
                        shape.layers() - 1, bits, bits, false, "lossless", Math.min(shape.context(), tokens() + 1)),
                new SessionRequest.SamplingRequest(0, 0, 1, 0),
                bundle.stopIds());
    }

    private int tokens() {
        return rows.length / bundle.architecture().hidden();
    }

    private LinkWindow pairs(int pairs, Duration limit) {
        LinkWindow window = new LinkWindow();
        int large = Math.min(
                tokens(),
                Math.min(session.limits().maxTokensPerStep(), session.limits().maxLength()));
        // The first steps load what the worker has not loaded yet.
        step(1);
        step(large);
        long end = System.nanoTime() + limit.toNanos();
        for (int i = 0; i < pairs && (i < LEAST_PAIRS || System.nanoTime() < end); i++) {
            step(1);
            step(1);
            double small = millis;
            double held = heldMillis;
            long smallBytes = socketBytes;
            int overhead = (int) (socketBytes - frameBytes);
            double longer = 0;
            long more = 0;
            for (long sent = 0; sent < LinkWindow.LARGE_BYTES; sent += socketBytes) {
                step(large);
                longer += millis - small;
                more += socketBytes - smallBytes;
            }
            double rate = LinkWindow.bandwidth(more, longer);
            window.add(small - smallBytes / rate, rate, held, overhead);
        }
        return window;
    }

    private void step(int tokens) {
        long before = link.traffic().bytesUp();
        frameBytes = encoder.encode(
                FloatBuffer.wrap(rows, 0, tokens * bundle.architecture().hidden())
                        .slice(),
                tokens,
                frame,
                0);
        session.send(Step.frame(0, tokens, StepSample.NONE, frame, 0, frameBytes));
        StepReply reply = session.receive();
        socketBytes = link.traffic().bytesUp() - before;
        heldMillis = reply.heldMicros() / MICROS_PER_MILLI;
        millis = reply.roundTripNanos() / NANOS_PER_MILLI - heldMillis;
    }
}
