package dev.cleave.model.bundle;

import dev.cleave.model.Architecture;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.checkpoint.SafetensorsHeader;
import dev.cleave.model.checkpoint.TensorInfo;
import dev.cleave.model.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * A prepared model on disk, opened: what {@code bundle.json} states, checked against the files that are there.
 *
 * <p>Files and tensors (all little endian, data offsets aligned to 4096 bytes):
 *
 * <pre>
 * layer-000.q4.safetensors   input_norm F32[d]                      RMS norm before attention
 *                            qkv.*                                  rows of query, key, value, packed one after another
 *                            qkv.bias   F32[qkvRows]                where the architecture has it
 *                            attention_out.*                        [d, heads·headSize]
 *                            post_norm  F32[d]                      RMS norm before the feed-forward block
 *                            gate_up.*                              [2·feedForward, d]: rows of gate, then rows of up
 *                            down.*                                 [d, feedForward]
 * embedding.q8.safetensors   embedding.*                            [vocabulary, d]
 * head.q8.safetensors        head.*                                 [vocabulary, d]; absent where tied: use embedding.*
 * norm.safetensors           norm       F32[d]                      final RMS norm
 *
 * a matrix x.* of N rows, K columns:
 *   2, 4, 8 bits   x.weight U8[N, blocks, block·bits/8]  codes, lowest bits first, as MatMulNBits takes them
 *                  x.scales F32[N, blocks]               value = (code - 2^(bits-1)) · scale; a scale may be negative
 *   16 bits        x.weight F16[N, K]
 * </pre>
 *
 * where blocks = ceil(K / block); the padding of a last block has code 2^(bits-1), which is 0. Tensors named {@code pad.N}
 * fill the space between.
 */
public final class Bundle {
    /** Role of tokenizer.json. */
    public static final String TOKENIZER = "tokenizer";
    /** Role of generation_config.json. */
    public static final String GENERATION_CONFIG = "generation-config";
    /** Role of the chat template as Jinja text. */
    public static final String CHAT_TEMPLATE = "chat-template";
    /** Role of the chat template as role markers. */
    public static final String ROLE_MARKERS = "role-markers";

    /** Role of what the codec's tuned levels know of a split; its layer is the split. */
    public static final String CALIBRATION = "calibration";

    /** Role of what narrower weights and links lose, measured: one file. */
    public static final String QUALITY = "quality";

    /** The version of every role that this program writes and reads. */
    static final int ROLE_VERSION = 1;

    private final Path folder;
    private final BundleManifest manifest;

    private Bundle(Path folder, BundleManifest manifest) {
        this.folder = folder;
        this.manifest = manifest;
    }

    /**
     * Opens a bundle: reads {@code bundle.json} and checks that every file that is there has its size. That is cheap; {@link
     * #verify()} reads the contents. Files may be missing, because a machine needs those of its segment alone; they are told
     * when they are needed, see {@link #missing()}.
     *
     * @throws ModelException with {@code NOT_FOUND} where there is no such folder or it is no bundle, {@code UNSUPPORTED} for
     *     another format version, {@code DAMAGED_BUNDLE} otherwise
     */
    public static Bundle open(Path folder) {
        if (!isBundle(folder)) {
            String what = Files.isDirectory(folder) ? "is no bundle: it has no bundle.json" : "no such folder";
            throw new ModelException(
                    Reason.NOT_FOUND,
                    folder + ": " + what + ". Make a bundle with: cleave prepare CHECKPOINT --out " + folder);
        }
        BundleManifest manifest = damagedIfMalformed(() ->
                BundleManifest.read(Json.readObject(folder.resolve(BundleManifest.FILE), BundleManifest.MAX_BYTES)));
        Bundle bundle = new Bundle(folder, manifest);
        bundle.checkFiles();
        return bundle;
    }

    /** Returns whether a folder has a {@code bundle.json}. */
    public static boolean isBundle(Path folder) {
        return Files.isRegularFile(folder.resolve(BundleManifest.FILE));
    }

    /** Returns the folder. */
    public Path folder() {
        return folder;
    }

    /** Returns the name: the folder's name at preparation, for people. */
    public String name() {
        return manifest.name();
    }

    /** Returns the hash of configuration, tokenizer and source checkpoint: 64 hex digits. */
    public String modelHash() {
        return manifest.modelHash();
    }

    /** Returns the first 16 hex digits of {@link #modelHash()}, which stand in topics. */
    public String modelKey() {
        return modelHash().substring(0, 16);
    }

    /** Returns the model's shape. */
    public Architecture architecture() {
        return manifest.architecture();
    }

    /** Returns the widths that the bundle holds, ascending. */
    public List<Integer> widths() {
        return manifest.widths();
    }

    /** Returns every file that the bundle states, those of unknown roles included. */
    public List<BundleFile> files() {
        return manifest.files();
    }

    /** Returns the files that the bundle states and that are not there: this machine may do without them. */
    public List<BundleFile> missing() {
        return files().stream().filter(file -> !isThere(file)).collect(Collectors.toList());
    }

    /** Returns whether a file is there. */
    public boolean isThere(BundleFile file) {
        return Files.exists(path(file), LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns the sum of the sizes of all files, those that are missing included, bytes. */
    public long bytes() {
        return files().stream().mapToLong(BundleFile::bytes).sum();
    }

    /**
     * Returns the one file of a role.
     *
     * @param role {@code embedding}, {@code layer}, {@code norm}, {@code head} …
     * @param bits width, or 0 for a role that has none
     * @param layer 0-based, or -1 for a role that has none
     * @throws ModelException with {@code OUT_OF_RANGE} where the bundle has no such file
     */
    public BundleFile file(String role, int bits, int layer) {
        return find(role, bits, layer)
                .orElseThrow(() -> new ModelException(
                        Reason.OUT_OF_RANGE,
                        folder + ": the bundle has no file of role " + role + (layer < 0 ? "" : " " + layer)
                                + (bits == 0 ? "" : " at " + bits + " bits") + ", version " + ROLE_VERSION
                                + "; its widths are " + widths() + ", its layers 0.."
                                + (architecture().layers() - 1)));
    }

    /** Returns where a file lies. */
    public Path path(BundleFile file) {
        return folder.resolve(file.path());
    }

    /**
     * Returns the tensors of a file: name, type, shape, offset; the data is not read. Those that the layout states are there.
     *
     * @throws ModelException with {@code DAMAGED_BUNDLE} where they are not, or the file is missing
     */
    public TensorFile tensors(BundleFile file) {
        require(file);
        Map<String, TensorInfo> tensors = damagedIfMalformed(() -> SafetensorsHeader.read(path(file)));
        for (PartTensor part :
                ModelPart.of(architecture(), file.role(), file.layer()).tensors()) {
            for (StoredTensor expected : part.stored(file.bits())) {
                TensorInfo found = tensors.get(expected.name());
                if (found == null
                        || found.type() != expected.type()
                        || !found.shape().equals(expected.shape())
                        || found.offset() % SafetensorsFile.ALIGNMENT != 0) {
                    throw damaged(
                            file,
                            "tensor " + expected.name() + " is to be " + expected.type() + expected.shape()
                                    + " at a multiple of " + SafetensorsFile.ALIGNMENT + ", found " + found);
                }
            }
        }
        return new TensorFile(path(file), tensors);
    }

    /**
     * Reads every file and compares its sha256.
     *
     * @throws ModelException with {@code DAMAGED_BUNDLE}, naming the first file that differs or is missing
     */
    public void verify() {
        verify(files());
    }

    /** As {@link #verify()}, for some of the files: those that one segment needs. */
    public void verify(List<BundleFile> some) {
        for (BundleFile file : some) {
            String sha256;
            require(file);
            try {
                sha256 = Sha256.of(path(file));
            } catch (IOException e) {
                throw damaged(file, "cannot be read: " + e.getMessage());
            }
            if (!sha256.equals(file.sha256())) {
                throw damaged(file, "has sha256 " + sha256 + ", but bundle.json states " + file.sha256());
            }
        }
    }

    /** Returns the ids that end a text; none where the model has no such token. */
    public List<Integer> stopIds() {
        return manifest.tokens().stopIds();
    }

    /** Returns the id that begins a text, where the model has one. */
    public OptionalInt bosId() {
        return manifest.tokens().bosId();
    }

    /** Returns the beginning token as chat templates write it, where the model states it. */
    public Optional<String> bosText() {
        return manifest.tokens().bosText();
    }

    /** Returns the end token as chat templates write it, where the model states it. */
    public Optional<String> eosText() {
        return manifest.tokens().eosText();
    }

    /**
     * Returns the bundle's tokenizer.json, as bytes of UTF-8.
     *
     * @throws ModelException with {@code NOT_FOUND} where it was prepared without
     */
    public byte[] tokenizerJson() {
        return optional(TOKENIZER)
                .orElseThrow(() -> new ModelException(
                        Reason.NOT_FOUND,
                        folder
                                + ": the bundle has no tokenizer, because its checkpoint had none. It can be measured, but"
                                + " takes and gives no text"));
    }

    /** Returns the Jinja text of the chat template, where the model has one. */
    public Optional<String> chatTemplate() {
        return optional(CHAT_TEMPLATE).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** Returns the JSON of the chat template's role markers, where it is of that simple kind. */
    public Optional<byte[]> roleMarkers() {
        return optional(ROLE_MARKERS);
    }

    /** Returns the file of the calibration of a split, where the bundle has one. */
    public Optional<BundleFile> calibrationFile(int split) {
        return find(CALIBRATION, 0, split);
    }

    /**
     * Returns the calibration of a split, where the bundle has one; its hash is checked.
     *
     * @throws ModelException with {@code DAMAGED_BUNDLE} where it is not what the bundle states
     */
    public Optional<byte[]> calibration(int split) {
        return calibrationFile(split).map(file -> {
            verify(Collections.singletonList(file));
            return damagedIfMalformed(() -> Json.readBytes(path(file), Integer.MAX_VALUE));
        });
    }

    /** Returns what narrower weights and links were measured to lose, where that was done. */
    public Optional<byte[]> quality() {
        return optional(QUALITY);
    }

    BundleManifest manifest() {
        return manifest;
    }

    private Optional<byte[]> optional(String role) {
        return find(role, 0, -1).map(file -> {
            require(file);
            return damagedIfMalformed(() -> Json.readBytes(path(file), Json.MAX_BYTES));
        });
    }

    private Optional<BundleFile> find(String role, int bits, int layer) {
        return files().stream()
                .filter(file -> file.role().equals(role)
                        && file.version() == ROLE_VERSION
                        && file.bits() == bits
                        && file.layer() == layer)
                .findFirst();
    }

    private void checkFiles() {
        for (BundleFile file : files()) {
            if (isThere(file)) {
                checkFile(file);
            }
        }
    }

    private void checkFile(BundleFile file) {
        try {
            Path path = path(file);
            if (!Files.isRegularFile(path) || !path.toRealPath().startsWith(folder.toRealPath())) {
                throw damaged(file, "is no file of the bundle's folder");
            }
            long size = Files.size(path);
            if (size != file.bytes()) {
                throw damaged(file, "has " + size + " bytes, but bundle.json states " + file.bytes());
            }
        } catch (IOException e) {
            throw damaged(file, "cannot be read: " + e.getMessage());
        }
    }

    /**
     * Requires files to be there.
     *
     * @throws ModelException with {@code DAMAGED_BUNDLE}, naming the first that is missing and what to copy
     */
    public void require(List<BundleFile> some) {
        some.forEach(this::require);
    }

    private void require(BundleFile file) {
        if (!isThere(file)) {
            throw new ModelException(
                    Reason.DAMAGED_BUNDLE,
                    path(file) + ": is missing, and is needed now. Copy " + file.path() + " (" + file.bytes()
                            + " bytes) from the machine where " + name() + " was prepared, or prepare the model again");
        }
    }

    private ModelException damaged(BundleFile file, String problem) {
        return new ModelException(
                Reason.DAMAGED_BUNDLE,
                path(file) + ": " + problem + ". The bundle is damaged; prepare or copy it again");
    }

    private interface Reading<T> {
        T read();
    }

    /** What a checkpoint's file would be called malformed for is damage in a bundle, which this program wrote itself. */
    private static <T> T damagedIfMalformed(Reading<T> reading) {
        try {
            return reading.read();
        } catch (ModelException e) {
            if (e.reason() == Reason.MALFORMED || e.reason() == Reason.NOT_FOUND) {
                throw new ModelException(
                        Reason.DAMAGED_BUNDLE, e.getMessage() + ". The bundle is damaged; prepare or copy it again", e);
            }
            throw e;
        }
    }
}
