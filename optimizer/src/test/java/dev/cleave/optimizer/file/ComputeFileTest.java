package dev.cleave.optimizer.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleave.model.ModelException;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonWriter;
import dev.cleave.model.property.Cases;
import dev.cleave.optimizer.profile.CodecCost;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.LayerCost;
import dev.cleave.optimizer.profile.Line;
import dev.cleave.optimizer.profile.StepCost;
import dev.cleave.optimizer.profile.WidthCost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComputeFileTest {
    private static final String SOURCE = "p.json";

    @Test
    void whatIsWrittenIsRead() {
        Cases.check(300, seed -> {
            ComputeProfile profile = Profiles.compute(seed);

            assertThat(ComputeFile.read(ComputeFile.write(profile, Map.of("decode", 0.125)), SOURCE))
                    .isEqualTo(profile);
            assertThat(ComputeFile.read(ComputeFile.compact(profile), SOURCE)).isEqualTo(profile);
        });
    }

    @Test
    void aFileThatEndsEarlyIsRefused() {
        Cases.check(300, seed -> {
            byte[] whole = ComputeFile.compact(Profiles.compute(seed));
            byte[] part = Arrays.copyOf(whole, new Random(seed).nextInt(whole.length));

            assertThatThrownBy(() -> ComputeFile.read(part, SOURCE))
                    .isInstanceOf(ModelException.class)
                    .hasMessageStartingWith(SOURCE + ": ");
        });
    }

    /** Whatever a byte becomes, the file is read or refused with one message; nothing else is thrown. */
    @Test
    void aChangedByteIsReadOrRefused() {
        Cases.check(1000, seed -> {
            Random random = new Random(seed);
            byte[] bytes = ComputeFile.compact(Profiles.compute(seed));
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            try {
                ComputeFile.read(bytes, SOURCE);
            } catch (ModelException e) {
                assertThat(e.reason()).isEqualTo(ModelException.Reason.MALFORMED);
                assertThat(e).hasMessageStartingWith(SOURCE + ": ");
            }
        });
    }

    @Test
    void layersThatAreAlikeStandOnce() {
        ComputeProfile profile = alike(1000, 16);
        byte[] compact = ComputeFile.compact(profile);

        assertThat(compact.length).isLessThan(8 << 10);
        assertThat(ComputeFile.read(compact, SOURCE)).isEqualTo(profile);
    }

    /** Each: where, what stands there instead, and what the message must say. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "version                             | 2       | field version: this program reads version 1, found 2",
                "version                             | null    | field version: an integer in",
                "format                              | \"x\"   | field format: \"cleave-compute-profile\" is expected, found \"x\"",
                "mode                                | \"slow\"| field mode: fast or exact is expected",
                "modelHash                           | \"\"    | field modelHash",
                "machine                             | 5       | field machine: a text is expected, found 5",
                "versions                            | []      | field versions: an object",
                "chunk                               | 0       | field chunk is 0, expected an integer in 1..4096",
                "chunk                               | 1.5     | field chunk: an integer",
                "layers                              | 4       | field widths[0].layers: as many as the model has, 4, are expected",
                "layers                              | 2       | field widths[0].layers: as many as the model has, 2, are expected",
                "layers                              | 1001    | field layers: an integer in 1..1000",
                "memory.base                         | -1      | field memory.base: an integer in 0..",
                "memory.base                         | 9e9     | field memory.base: an integer",
                "memory.context                      | 0       | field memory.context is 0",
                "memory.workspace                    | {}      | field memory.workspace",
                "stepMillis                          | \"1\"   | field stepMillis: a number",
                "stepMillis                          | 1e7     | field stepMillis is 1.0E7",
                "stepExcess                          | []      | field stepExcess is 0 numbers, expected 1..256",
                "stepExcess                          | 3       | field stepExcess",
                "stepExcess[1]                       | \"x\"   | field stepExcess[1]",
                "stepExcess[0]                       | -1.5    | field stepExcess[0] is -1.5",
                "stepExcess[2]                       | -0.5    | field stepExcess[2] is -0.5",
                "stepExcess[2]                       | 2000    | field stepExcess[2] is 2000.0",
                "stepAfterWait                       | 0.5     | field stepAfterWait is 0.5, expected a number in 1.0..100.0",
                "widths                              | []      | field widths is empty",
                "widths[0].bits                      | 0       | field widths[0].bits is 0, expected an integer in 1..32",
                "widths[1].bits                      | 1       | field widths is 1 twice",
                "widths[0].headMillis                | -0.1    | field widths[0].headMillis",
                "widths[0].layers                    | []      | field widths[0].layers: as many as the model has",
                "widths[0].layers[0]                 | 7       | field widths[0].layers[0]: an object is expected, found 7",
                "widths[0].layers[1].packedBytes     | 0       | field widths[0].layers[1].packedBytes is 0",
                "widths[0].layers[1].packedBytes     | 11000   | field widths[0].layers[1].packedBytes is 11000",
                "widths[0].layers[1].packedBytes     | 11e9    | field widths[0].layers[1].packedBytes: an integer",
                "widths[0].layers[1].decode.base     | -1      | field widths[0].layers[1].decode.base: a number in 0.0..",
                "widths[0].layers[1].decode.base     | 3000    | field widths[0].layers[1].decode.base is 3000.0, expected at most 20 times",
                "widths[0].layers[1].decode.base     | 0       | field widths[0].layers[1].decode.base is 0.0, expected at most 20 times",
                "widths[0].layers[1].decode.slope    | 1e4     | field widths[0].layers[1].decode.slope is 10000.0",
                "widths[0].layers[1].prefill         | null    | field widths[0].layers[1].prefill: an object is expected, but the field is absent",
                "widths[0].layers[1].prefill.base    | 0.0004  | field widths[0].layers[1].prefill.base is 4.0E-4, expected at most 20 times",
                "widths[0].layers[1].count           | 3       | field widths[0].layers[1].count: an integer in 1..2",
                "kv                                  | []      | field kv is empty",
                "kv[0].name                          | \"\"    | field kv[0].name: a text of 1..256",
                "kv[0].bytesPerToken                 | 0       | field kv[0].bytesPerToken is 0",
                "kv[1].extraDecode.slope             | -1      | field kv[1].extraDecode.slope",
                "codec[0].encode                     | 1e6     | field codec[0].encode is 1000000.0",
                "codec[0].link                       | null    | field codec[0].link: a text is expected, but the field is absent",
            })
    void whatIsWrongIsNamed(String field, String value, String message) {
        byte[] changed = with(field, Json.parse(value.getBytes(UTF_8), "value"));

        assertThatThrownBy(() -> ComputeFile.read(changed, SOURCE))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(SOURCE + ": ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity", "1e999", "-1e999", "99999999999999999999999", "0x10", "+1"})
    void whatIsNoNumberIsRefused(String number) {
        String text = new String(ComputeFile.compact(three()), UTF_8)
                .replace("\"stepMillis\":0.25", "\"stepMillis\":" + number);
        assertThat(text).contains(number);

        assertThatThrownBy(() -> ComputeFile.read(text.getBytes(UTF_8), SOURCE))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(SOURCE + ": ");
    }

    /** Seconds or microseconds for milliseconds, in every layer: no memory is read that fast, and none that slowly. */
    @ParameterizedTest
    @ValueSource(doubles = {1000, 0.001})
    void aUnitMistakenThroughoutIsNoticed(double factor) {
        ComputeProfile profile = three();
        Map<String, Object> tree = tree(profile);
        for (Object width : (List<?>) tree.get("widths")) {
            for (Object layer : (List<?>) map(width).get("layers")) {
                Map<String, Object> decode = map(map(layer).get("decode"));
                decode.put("base", (double) decode.get("base") / factor);
            }
        }

        assertThatThrownBy(() -> ComputeFile.read(JsonWriter.compact(tree), SOURCE))
                .hasMessageContaining("field widths[0].layers[0].decode.base is")
                .hasMessageContaining("a time in ms that reads them at 100 MB/s to 4 TB/s");
    }

    @Test
    void deepNestingIsRefused() {
        String text = "{\"format\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";

        assertThatThrownBy(() -> ComputeFile.read(text.getBytes(UTF_8), SOURCE)).isInstanceOf(ModelException.class);
    }

    @Test
    void moreThanAProfileHoldsIsRefused() {
        List<Object> many = new ArrayList<>(Collections.nCopies(100_000, Map.of()));
        assertThatThrownBy(() -> ComputeFile.read(with("widths", many), SOURCE))
                .hasMessageContaining("field widths: at most 16 elements are expected, found 100000");
        assertThatThrownBy(() -> ComputeFile.read(with("codec", many), SOURCE))
                .hasMessageContaining("field codec: at most 64 elements");
        assertThatThrownBy(() -> ComputeFile.read(with("kv", many), SOURCE))
                .hasMessageContaining("field kv: at most 16 elements");
        assertThatThrownBy(() -> ComputeFile.read(new byte[ProfileFiles.MOST_BYTES + 1], SOURCE))
                .hasMessageContaining(" bytes, more than the 8388608 of any profile");
    }

    @Test
    void aFileIsWrittenWholeAndReplaced(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("a").resolve("b.json");
        ProfileFiles.write(file, new byte[] {1});
        ProfileFiles.write(file, new byte[] {2, 3});

        assertThat(ProfileFiles.read(file)).containsExactly(2, 3);
        assertThat(Files.list(file.getParent())).containsExactly(file);
        assertThatThrownBy(() -> ProfileFiles.write(file.resolve("c"), new byte[1]))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("cannot be written");
        assertThatThrownBy(() -> ProfileFiles.read(folder)).hasMessageContaining("no such file");
    }

    private static ComputeProfile three() {
        return alike(3, 2);
    }

    /** None equal to the next where there are few, so that each has an element of its own. */
    private static ComputeProfile alike(int layers, int widths) {
        ComputeProfile model = Profiles.compute(0);
        List<LayerCost> costs = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            costs.add(new LayerCost(
                    11_000_000 + (layers < 10 ? i : 0),
                    new Line(1, 0.0001),
                    new Line(0.25, 0.00001),
                    new Line(0.3, 0)));
        }
        List<WidthCost> all = new ArrayList<>();
        for (int i = 1; i <= widths; i++) {
            all.add(new WidthCost(i, costs, 5000, 0.5, 0));
        }
        return new ComputeProfile(
                model.provenance(),
                model.mode(),
                128,
                model.memory(),
                new StepCost(0.25, List.of(-0.1, 0.0, 0.4), 1.5),
                all,
                model.kv(),
                List.of(new CodecCost("int8", 0.1, 0.1, 0.1, 0.1)));
    }

    private static Map<String, Object> tree(ComputeProfile profile) {
        return map(Json.parse(ComputeFile.compact(profile), "t"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    /** Returns a good file but for one field. */
    @SuppressWarnings("unchecked")
    private static byte[] with(String path, Object value) {
        Map<String, Object> tree = new LinkedHashMap<>(tree(three()));
        Object at = tree;
        String[] steps = path.replace("[", ".[").split("\\.");
        for (int i = 0; i < steps.length; i++) {
            boolean last = i == steps.length - 1;
            if (steps[i].startsWith("[")) {
                int index = Integer.parseInt(steps[i].substring(1, steps[i].length() - 1));
                if (last) {
                    ((List<Object>) at).set(index, value);
                } else {
                    at = ((List<Object>) at).get(index);
                }
            } else if (last) {
                map(at).put(steps[i], value);
            } else {
                at = map(at).get(steps[i]);
            }
        }
        return JsonWriter.compact(tree);
    }
}
