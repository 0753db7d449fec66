package dev.cleave.codec;

import dev.cleave.codec.CodecException.Reason;
import dev.cleave.codec.frame.Frame;
import dev.cleave.codec.tuned.Calibration;
import java.nio.FloatBuffer;
import java.util.Objects;

/**
 * Decodes the frames of a session, whatever level each has: a device may change it in mid-text. A decoder is made when the
 * first frame of its level comes; from then on nothing is allocated.
 */
public final class SessionDecoder implements Decoder {
    private static final int IDS = 256;

    private final int width;
    private final Calibration calibration;
    private final Decoder[] decoders = new Decoder[IDS];
    private int knownId = -1;
    private int knownBefore = -1;

    /**
     * Creates a decoder.
     *
     * @param width d
     * @param calibration of the split, or null: tuned levels are then refused
     */
    public SessionDecoder(int width, Calibration calibration) {
        this.width = width;
        this.calibration = calibration;
    }

    /** Returns the greatest size of a frame of any level, in bytes. */
    public int maxEncodedSize(int tokens) {
        int greatest = 0;
        for (CodecLevel level : CodecLevel.named()) {
            if (calibration != null || !level.needsCalibration()) {
                int size = level.calibrated(calibration).encoder(width).maxEncodedSize(tokens);
                greatest = Math.max(greatest, size);
            }
        }
        return greatest;
    }

    @Override
    public void known(int token, int beforeIt) {
        knownId = token;
        knownBefore = beforeIt;
    }

    @Override
    public int decode(byte[] in, int offset, int length, FloatBuffer hidden) {
        Objects.checkFromIndexSize(offset, length, in.length);
        // What is no frame at all any decoder refuses, saying so.
        boolean frame = length > Frame.AT_LEVEL && (in[offset] & 0xFF) == Frame.MAGIC;
        Decoder decoder = decoder(frame ? in[offset + Frame.AT_LEVEL] & 0xFF : FixedLevel.LOSSLESS.id());
        decoder.known(knownId, knownBefore);
        knownId = -1;
        return decoder.decode(in, offset, length, hidden);
    }

    private Decoder decoder(int id) {
        if (decoders[id] == null) {
            decoders[id] = level(id).calibrated(calibration).decoder(width);
        }
        return decoders[id];
    }

    private CodecLevel level(int id) {
        for (CodecLevel level : CodecLevel.named()) {
            if (level.id() == id) {
                return level;
            }
        }
        throw new CodecException(Reason.LEVEL, "codec level " + id + " is not known here", Frame.AT_LEVEL);
    }
}
