package dev.cleave.bench.rival;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The key-value part of a GGUF file, by the types that {@link GgufFile} needs. */
final class Metadata {
    private static final int UINT32 = 4;
    private static final int INT32 = 5;
    private static final int FLOAT32 = 6;
    private static final int BOOL = 7;
    private static final int STRING = 8;
    private static final int ARRAY = 9;

    private static final int NORMAL_TOKEN = 1;
    private static final int UNKNOWN_TOKEN = 2;
    private static final int CONTROL_TOKEN = 3;
    private static final int BYTE_TOKEN = 6;

    final Bytes bytes = new Bytes();
    long count;

    void text(String key, String value) {
        key(key, STRING);
        bytes.string(value);
    }

    void integer(String key, int value) {
        key(key, UINT32);
        bytes.i32(value);
    }

    void real(String key, float value) {
        key(key, FLOAT32);
        bytes.i32(Float.floatToIntBits(value));
    }

    void bool(String key, boolean value) {
        key(key, BOOL);
        bytes.write(value ? 1 : 0);
    }

    /** Writes a vocabulary of specials, the 256 bytes, and names that no prompt contains. */
    void vocabulary(int size) {
        array("tokenizer.ggml.tokens", STRING, size);
        for (int id = 0; id < size; id++) {
            bytes.string(
                    switch (id) {
                        case 0 -> "<unk>";
                        case 1 -> "<s>";
                        case 2 -> "</s>";
                        default -> id < 259 ? String.format("<0x%02X>", id - 3) : "\u2581#" + id;
                    });
        }
        array("tokenizer.ggml.scores", FLOAT32, size);
        for (int id = 0; id < size; id++) {
            bytes.i32(Float.floatToIntBits(-id));
        }
        array("tokenizer.ggml.token_type", INT32, size);
        for (int id = 0; id < size; id++) {
            bytes.i32(id == 0 ? UNKNOWN_TOKEN : id < 3 ? CONTROL_TOKEN : id < 259 ? BYTE_TOKEN : NORMAL_TOKEN);
        }
    }

    private void array(String key, int type, int size) {
        key(key, ARRAY);
        bytes.i32(type);
        bytes.i64(size);
    }

    private void key(String key, int type) {
        bytes.string(key);
        bytes.i32(type);
        count++;
    }

    /** A growing little-endian array. */
    static final class Bytes extends ByteArrayOutputStream {
        private final ByteBuffer scratch = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);

        void i32(int value) {
            scratch.putInt(0, value);
            write(scratch.array(), 0, 4);
        }

        void i64(long value) {
            scratch.putLong(0, value);
            write(scratch.array(), 0, 8);
        }

        void string(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            i64(utf8.length);
            write(utf8, 0, utf8.length);
        }

        int length() {
            return count;
        }

        byte[] array() {
            return buf;
        }
    }
}
