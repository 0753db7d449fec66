package dev.cleave.transport.internal;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.cleave.proto.Activations;
import java.io.IOException;

/**
 * Reads one chunk of activations where it lies: the payload is not copied. Nothing is allocated from a length that the
 * message states. Reused for chunk after chunk.
 */
public final class StepReader {
    private final int maxIds;
    private int epoch;
    private int seq;
    private int position;
    private int tokens;
    private int chunk;
    private int chunks;
    private int sample;
    private int payloadOffset;
    private int payloadLength;
    private int[] ids;
    private int idCount;
    private int[] forced;
    private int forcedCount;
    private boolean scored;

    /** Reads messages with at most {@code maxIds} ids, and as many forced ones. */
    public StepReader(int maxIds) {
        this.maxIds = maxIds;
        this.ids = new int[0];
        this.forced = new int[0];
    }

    /**
     * Reads the {@code Activations} that lie in {@code bytes}.
     *
     * @throws IOException for anything that is not such a message, or has too many ids
     */
    public void read(byte[] bytes, int offset, int length) throws IOException {
        epoch = seq = position = tokens = chunk = chunks = sample = 0;
        payloadOffset = payloadLength = idCount = forcedCount = 0;
        scored = false;
        CodedInputStream in = CodedInputStream.newInstance(bytes, offset, length);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case Activations.EPOCH_FIELD_NUMBER:
                    epoch = fixed(in, tag);
                    break;
                case Activations.SEQ_FIELD_NUMBER:
                    seq = fixed(in, tag);
                    break;
                case Activations.POSITION_FIELD_NUMBER:
                    position = fixed(in, tag);
                    break;
                case Activations.COUNT_FIELD_NUMBER:
                    tokens = fixed(in, tag);
                    break;
                case Activations.CHUNK_FIELD_NUMBER:
                    chunk = fixed(in, tag);
                    break;
                case Activations.CHUNKS_FIELD_NUMBER:
                    chunks = fixed(in, tag);
                    break;
                case Activations.SAMPLE_FIELD_NUMBER:
                    sample = in.readEnum();
                    break;
                case Activations.PAYLOAD_FIELD_NUMBER:
                    payloadLength = delimited(in, tag);
                    payloadOffset = offset + in.getTotalBytesRead();
                    in.skipRawBytes(payloadLength);
                    break;
                case Activations.IDS_FIELD_NUMBER:
                    ids = packed(in, tag, ids);
                    idCount = packedCount;
                    break;
                case Activations.FORCED_FIELD_NUMBER:
                    forced = packed(in, tag, forced);
                    forcedCount = packedCount;
                    break;
                case Activations.SCORED_FIELD_NUMBER:
                    scored = in.readBool();
                    break;
                default:
                    in.skipField(tag);
            }
        }
    }

    private int packedCount;

    private static int fixed(CodedInputStream in, int tag) throws IOException {
        require(tag, WireFormat.WIRETYPE_FIXED32);
        return in.readFixed32();
    }

    private static int delimited(CodedInputStream in, int tag) throws IOException {
        require(tag, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        int length = in.readRawVarint32();
        if (length < 0) {
            throw new IOException("a field of " + length + " bytes");
        }
        return length;
    }

    private int[] packed(CodedInputStream in, int tag, int[] into) throws IOException {
        int length = delimited(in, tag);
        int limit = in.pushLimit(length);
        int[] values = into;
        packedCount = 0;
        while (in.getBytesUntilLimit() > 0) {
            if (packedCount == maxIds) {
                throw new IOException("more than " + maxIds + " ids");
            }
            if (packedCount == values.length) {
                values = java.util.Arrays.copyOf(values, Math.min(maxIds, Math.max(16, values.length * 2)));
            }
            values[packedCount++] = in.readUInt32();
        }
        in.popLimit(limit);
        return values;
    }

    private static void require(int tag, int wireType) throws IOException {
        if (WireFormat.getTagWireType(tag) != wireType) {
            throw new IOException("field " + WireFormat.getTagFieldNumber(tag) + " is of wire type "
                    + WireFormat.getTagWireType(tag));
        }
    }

    /** Returns the session's epoch. */
    public int epoch() {
        return epoch;
    }

    /** Returns the step's number. */
    public int seq() {
        return seq;
    }

    /** Returns the position of the first token. */
    public int position() {
        return position;
    }

    /** Returns the number of tokens in the whole step. */
    public int tokens() {
        return tokens;
    }

    /** Returns which chunk it is, from 0. */
    public int chunk() {
        return chunk;
    }

    /** Returns how many chunks the step has. */
    public int chunks() {
        return chunks;
    }

    /** Returns the number of the {@code SamplePositions}, unchecked. */
    public int sample() {
        return sample;
    }

    /** Returns where the payload begins in the array that was read. */
    public int payloadOffset() {
        return payloadOffset;
    }

    /** Returns bytes of the payload. */
    public int payloadLength() {
        return payloadLength;
    }

    /** Returns the ids, {@link #idCount()} of them; the array is overwritten by the next read. */
    public int[] ids() {
        return ids;
    }

    /** Returns how many ids there are. */
    public int idCount() {
        return idCount;
    }

    /** Returns the forced ids, {@link #forcedCount()} of them; the array is overwritten by the next read. */
    public int[] forced() {
        return forced;
    }

    /** Returns how many forced ids there are. */
    public int forcedCount() {
        return forcedCount;
    }

    /** Returns whether their log-probabilities are asked for. */
    public boolean scored() {
        return scored;
    }
}
