package dev.cleave.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsHeaderTest {
    @TempDir
    private Path folder;

    @Test
    void givesNameTypeShapeAndOffsetOfEveryTensor() {
        Path file = folder.resolve("a.safetensors");
        new TestSafetensors()
                .add("x", "F32", new float[6], 2, 3)
                .add("y", "BF16", new float[4], 4)
                .add("z", "U8", new float[0], 0, 5)
                .write(file);
        long start = file.toFile().length() - 32;
        assertThat(SafetensorsHeader.read(file).values())
                .containsExactly(
                        new TensorInfo("x", TensorType.F32, java.util.List.of(2L, 3L), start, 24),
                        new TensorInfo("y", TensorType.BF16, java.util.List.of(4L), start + 24, 8),
                        new TensorInfo("z", TensorType.U8, java.util.List.of(0L, 5L), start + 32, 0));
    }

    /** Header (single quotes stand for double ones) | bytes of data | what the message must say. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}              | 4  | field x.data_offsets: the tensor ends at offset=70, but the file is cut off at 66 bytes
            {'x':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}              | 8  | field x.data_offsets: [8, 0] is no range
            {'x':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}}             | 8  | field x.data_offsets: integers in 0..
            {'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8,8]}}            | 8  | field x.data_offsets: at most 2
            {'x':{'dtype':'F32','shape':[2],'data_offsets':[0]}}                | 8  | field x.data_offsets: [0] is no range
            {'x':{'dtype':'F32','shape':[2]}}                                   | 8  | field x.data_offsets: a list is expected, but the field is absent
            {'x':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}              | 8  | spans 8 bytes, but F32[3] needs 12, offset=
            {'x':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}             | 8  | field x.shape: integers in 0..
            {'x':{'dtype':'F32','shape':[1.5],'data_offsets':[0,8]}}            | 8  | field x.shape: integers in 0..
            {'x':{'dtype':'F32','shape':'2','data_offsets':[0,8]}}              | 8  | field x.shape: a list is expected, found "2"
            {'x':{'dtype':'F32','shape':[1,1,1,1,1,1,1,1,2],'data_offsets':[0,8]}} | 8 | field x.shape: at most 8
            {'x':{'dtype':'F32','shape':[1099511627776,1099511627776,16],'data_offsets':[0,8]}} | 8 | more than 2^62
            {'x':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,0]}} | 0 | field x.shape: integers in 0..1099511627776
            {'x':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,8]}} | 8 | number 99999999999999999999 is out of range
            {'x':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}             | 12 | leaves a hole before it
            {'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}              | 12 | but the file has
            {'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'y':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}} | 12 | tensor y at offset=
            {'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | 8 | Duplicate field 'x'
            {'x':{'dtype':'F32','dtype':'F16','shape':[2],'data_offsets':[0,8]}} | 8 | Duplicate field 'dtype'
            {'x':7}                                                             | 8  | field x: an object is expected, found 7
            ['x']                                                               | 8  | a JSON object is expected, found a list
            {'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}               | 8  | line 1, column
            not JSON at all                                                     | 8  | line 1, column
            {} {}                                                               | 0  | something follows
            {'x':{'dtype':'I32','shape':[2],'data_offsets':[0,8]}}              | 8  | tensor x, field dtype: type I32 is not read
            {'x':{'dtype':4,'shape':[2],'data_offsets':[0,8]}}                  | 8  | field x.dtype: a text is expected, found 4
            """)
    void refusesALyingHeader(String header, int dataBytes, String message) {
        Path file = folder.resolve("lying.safetensors");
        TestSafetensors.write(file, header.replace('\'', '"'), new byte[dataBytes]);
        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> SafetensorsHeader.read(file))
                .withMessageContaining("lying.safetensors")
                .withMessageContaining(message)
                .satisfies(e -> assertThat(e.reason()).isIn(Reason.MALFORMED, Reason.UNSUPPORTED));
    }

    @ParameterizedTest
    @CsvSource({"-1", "1", "0", "9", "100000001", "9223372036854775807", "-9223372036854775808"})
    void refusesALengthBeyondTheFile(long length) throws IOException {
        Path file = folder.resolve("long.safetensors");
        ByteBuffer bytes =
                ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
        Files.write(file, bytes.array());
        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> SafetensorsHeader.read(file))
                .withMessageContaining(
                        "long.safetensors: header length " + Long.toUnsignedString(length) + " at offset=0");
    }

    @Test
    void refusesAFileThatIsTooShortOrMissing() throws IOException {
        Path file = folder.resolve("short.safetensors");
        Files.write(file, new byte[7]);
        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> SafetensorsHeader.read(file))
                .withMessageContaining("has 7 bytes");
        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> SafetensorsHeader.read(folder.resolve("none")))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND));
    }

    @Test
    void everyCutOfAFileIsRefused() throws IOException {
        Path file = folder.resolve("whole.safetensors");
        new TestSafetensors()
                .add("x", "F32", new float[6], 2, 3)
                .add("y", "F16", new float[2], 2)
                .write(file);
        byte[] whole = Files.readAllBytes(file);
        Path cut = folder.resolve("cut.safetensors");
        for (int length = 0; length < whole.length; length++) {
            Files.write(cut, java.util.Arrays.copyOf(whole, length));
            assertThatExceptionOfType(ModelException.class)
                    .as("cut to %d bytes", length)
                    .isThrownBy(() -> SafetensorsHeader.read(cut));
        }
    }

    @Test
    void aChangedByteGivesAnErrorOfOursOrAConsistentHeader() throws IOException {
        Path file = folder.resolve("whole.safetensors");
        new TestSafetensors()
                .add("x", "F32", new float[6], 2, 3)
                .add("y", "F16", new float[2], 2)
                .write(file);
        byte[] whole = Files.readAllBytes(file);
        Path changed = folder.resolve("changed.safetensors");
        Random random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = whole.clone();
            bytes[random.nextInt(bytes.length - 28)] = (byte) random.nextInt(256);
            Files.write(changed, bytes);
            Object thrown = catchThrowableOfType(ModelException.class, () -> {
                long end = 0;
                for (TensorInfo tensor : SafetensorsHeader.read(changed).values()) {
                    end = tensor.offset() + tensor.bytes();
                }
                assertThat(end).isEqualTo(whole.length);
            });
            refused += thrown == null ? 0 : 1;
        }
        assertThat(refused).isGreaterThan(2000);
    }
}
