package dev.cleave.transport.internal;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.cleave.proto.Activations;
import dev.cleave.proto.DeviceMessage;
import dev.cleave.transport.Step;
import java.io.IOException;

/**
 * Writes a {@code DeviceMessage} that holds one chunk of activations, without building it: a step copies its frame once.
 * Every field but payload and ids is of fixed width, so messages of equal payloads are of equal length.
 */
public final class StepWriter {
    private static final int FIXED32 = 5;
    private static final int FIXED_FIELDS = 6 * FIXED32 + 2;

    private StepWriter() {}

    /** One chunk: numbers of the step, and where it stands in it. */
    public record Chunk(int epoch, int seq, int position, int tokens, int index, int chunks, int sample) {}

    /**
     * Returns the length of a message that holds a payload.
     *
     * @param forced ids in place of sampled ones; null where there are none
     */
    public static int size(int payload, Step.Forced forced) {
        return message(inner(payload, 0) + forcedBytes(forced));
    }

    /** Returns the length of a message that holds {@code rows} ids in place of a payload. */
    public static int size(Step.Ids ids, int rows, Step.Forced forced) {
        return message(inner(0, idBytes(ids.ids(), ids.from(), rows)) + forcedBytes(forced));
    }

    /** Writes a chunk with a payload into {@code out}, which is exactly as long as {@link #size(int, Step.Forced)} says. */
    public static void write(byte[] out, Chunk chunk, Step.Forced forced, byte[] payload, int offset, int length) {
        try {
            CodedOutputStream to = CodedOutputStream.newInstance(out);
            head(to, chunk, inner(length, 0) + forcedBytes(forced));
            forced(to, forced);
            payload(to, payload, offset, length);
            to.checkNoSpaceLeft();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Writes a step of ids into {@code out}, which is exactly as long as {@link #size(Step.Ids, int, Step.Forced)} says. */
    public static void write(byte[] out, Chunk chunk, Step.Ids ids, Step.Forced forced) {
        try {
            CodedOutputStream to = CodedOutputStream.newInstance(out);
            head(to, chunk, inner(0, idBytes(ids.ids(), ids.from(), chunk.tokens())) + forcedBytes(forced));
            forced(to, forced);
            packed(to, Activations.IDS_FIELD_NUMBER, ids.ids(), ids.from(), chunk.tokens());
            to.checkNoSpaceLeft();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static int forcedBytes(Step.Forced forced) {
        if (forced == null) {
            return 0;
        }
        int ids = idBytes(forced.ids(), forced.from(), forced.count());
        return 1 + CodedOutputStream.computeUInt32SizeNoTag(ids) + ids + (forced.scored() ? 2 : 0);
    }

    private static void forced(CodedOutputStream to, Step.Forced forced) throws IOException {
        if (forced != null) {
            packed(to, Activations.FORCED_FIELD_NUMBER, forced.ids(), forced.from(), forced.count());
            if (forced.scored()) {
                to.writeBool(Activations.SCORED_FIELD_NUMBER, true);
            }
        }
    }

    private static void payload(CodedOutputStream to, byte[] payload, int offset, int length) throws IOException {
        if (length > 0) {
            to.writeTag(Activations.PAYLOAD_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            to.writeUInt32NoTag(length);
            to.write(payload, offset, length);
        }
    }

    private static void packed(CodedOutputStream to, int field, int[] ids, int from, int count) throws IOException {
        to.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        to.writeUInt32NoTag(idBytes(ids, from, count));
        for (int i = from; i < from + count; i++) {
            to.writeUInt32NoTag(ids[i]);
        }
    }

    private static void head(CodedOutputStream to, Chunk chunk, int inner) throws IOException {
        to.writeTag(DeviceMessage.ACTIVATIONS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        to.writeUInt32NoTag(inner);
        to.writeFixed32(Activations.EPOCH_FIELD_NUMBER, chunk.epoch());
        to.writeFixed32(Activations.SEQ_FIELD_NUMBER, chunk.seq());
        to.writeFixed32(Activations.POSITION_FIELD_NUMBER, chunk.position());
        to.writeFixed32(Activations.COUNT_FIELD_NUMBER, chunk.tokens());
        to.writeFixed32(Activations.CHUNK_FIELD_NUMBER, chunk.index());
        to.writeFixed32(Activations.CHUNKS_FIELD_NUMBER, chunk.chunks());
        to.writeEnum(Activations.SAMPLE_FIELD_NUMBER, chunk.sample());
    }

    private static int message(int inner) {
        return CodedOutputStream.computeTagSize(DeviceMessage.ACTIVATIONS_FIELD_NUMBER)
                + CodedOutputStream.computeUInt32SizeNoTag(inner)
                + inner;
    }

    private static int inner(int payload, int packedIds) {
        int delimited = Math.max(payload, packedIds);
        // Field numbers up to 15 take one byte.
        return FIXED_FIELDS
                + (delimited == 0 ? 0 : 1 + CodedOutputStream.computeUInt32SizeNoTag(delimited) + delimited);
    }

    private static int idBytes(int[] ids, int from, int count) {
        int bytes = 0;
        for (int i = from; i < from + count; i++) {
            bytes += CodedOutputStream.computeUInt32SizeNoTag(ids[i]);
        }
        return bytes;
    }
}
