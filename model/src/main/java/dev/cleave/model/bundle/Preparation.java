package dev.cleave.model.bundle;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.checkpoint.Checkpoint;
import dev.cleave.model.checkpoint.CheckpointJson;
import dev.cleave.model.json.JsonObject;
import dev.cleave.model.quantize.BlockFormat;
import dev.cleave.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Makes a bundle of a checkpoint. The weights stream through by blocks of rows, so the heap does not grow with the model. The
 * bundle grows in a hidden folder beside the target and becomes the target at the end, at once.
 */
public final class Preparation {
    private final PreparationOptions options;
    private final Checkpoint checkpoint;
    private final StagingFolder staging;
    private final ExecutorService threads;
    private final List<BundleFile> files = new ArrayList<>();
    private List<Integer> widths;
    private Optional<EarlierBundle> earlier;
    private Set<Integer> kept = Collections.emptySet();
    private long doneBytes;

    private Preparation(
            PreparationOptions options, Checkpoint checkpoint, StagingFolder staging, ExecutorService threads) {
        this.options = options;
        this.checkpoint = checkpoint;
        this.staging = staging;
        this.threads = threads;
        widths = options.widths();
        earlier = EarlierBundle.find(staging.target());
    }

    /**
     * Prepares a bundle. Where the target has one of the same model, its other widths and what was measured for it are kept.
     *
     * @return the bundle, open
     * @throws ModelException what {@link Checkpoint#open} and {@link Tokenizer#of} throw; {@code WRITE_FAILED} where the target is something else than
     *     a bundle, or one of another model that is not to be replaced, the disk is full or a file cannot be written; {@code OUT_OF_RANGE} where a weight has no float16. Then
     *     nothing stays behind, and a bundle that was there before is still there
     */
    public static Bundle prepare(PreparationOptions options) {
        try (Checkpoint checkpoint = Checkpoint.open(options.checkpoint())) {
            Path names = checkpoint.file("tokenizer_config.json");
            JsonObject config = Files.isRegularFile(names) ? CheckpointJson.object(names, SideFiles.MAX_CONFIG) : null;
            Optional<TokenizerFile> tokenizer = tokenizer(options, checkpoint, config);
            SpecialTokens tokens = SideFiles.tokens(checkpoint, config, tokenizer);
            tokenizer.ifPresent(file -> file.notes().forEach(options.progress()::note));
            try (StagingFolder staging = StagingFolder.create(options.target())) {
                ExecutorService threads = Executors.newFixedThreadPool(options.threads(), runnable -> {
                    Thread thread = new Thread(runnable, "prepare");
                    thread.setDaemon(true);
                    return thread;
                });
                try {
                    new Preparation(options, checkpoint, staging, threads)
                            .run(new SideFiles.Sources(config, tokenizer, tokens));
                } finally {
                    stop(threads);
                }
                commit(staging);
                return Bundle.open(staging.target());
            }
        }
    }

    private void run(SideFiles.Sources sources) {
        List<ModelPart> parts = ModelPart.of(checkpoint.architecture());
        Future<String> hash = threads.submit(() -> ModelHash.of(checkpoint));
        if (earlier.isPresent()) {
            // Before the work: whether it may be done at all, and how much of it is done already.
            add(parts, await(hash));
        }
        refuseFullDisk(parts);
        for (ModelPart part : parts) {
            write(part);
        }
        SideFiles side = SideFiles.copy(options, checkpoint, sources, staging.folder());
        files.addAll(side.files());
        String modelHash = await(hash);
        earlier.ifPresent(bundle -> files.addAll(bundle.keepMeasured(staging.folder())));
        Set<Integer> all = new TreeSet<>(widths);
        all.addAll(kept);
        BundleManifest manifest = new BundleManifest(
                staging.target().getFileName().toString(),
                modelHash,
                options.quantizer().name(),
                checkpoint.architecture(),
                new ArrayList<>(all),
                side.tokens(),
                files);
        Path file = staging.folder().resolve(BundleManifest.FILE);
        SideFiles.write(file, manifest.write());
    }

    private void add(List<ModelPart> parts, String modelHash) {
        EarlierBundle bundle = earlier.get();
        if (!bundle.modelHash().equals(modelHash)) {
            if (!options.replaceOther()) {
                throw new ModelException(
                        Reason.WRITE_FAILED,
                        staging.target() + ": holds another model ("
                                + bundle.modelHash().substring(0, 16) + ", not "
                                + modelHash.substring(0, 16)
                                + "), which would be lost with all that was measured for it;"
                                + " nothing was changed. Choose another folder by --out, or replace it by --force");
            }
            earlier = Optional.empty();
            return;
        }
        kept = bundle.wholeWidths(parts, options.quantizer().name(), options.widths());
        // What is damaged, or was not copied here, is made anew.
        Set<Integer> made = new TreeSet<>(options.widths());
        made.addAll(bundle.widths());
        made.removeAll(kept);
        widths = new ArrayList<>(made);
        if (!kept.isEmpty()) {
            options.progress().note("the bundle that is there keeps its widths " + kept);
        }
    }

    /** Writes the files of one part, at all widths at once: each weight is read once. */
    private void write(ModelPart part) {
        Map<Integer, SafetensorsFile> outputs = new LinkedHashMap<>();
        try {
            for (int width : part.hasWidths() ? widths : Collections.singletonList(0)) {
                outputs.put(width, create(part, width));
            }
            for (PartTensor tensor : part.tensors()) {
                write(part, tensor, outputs);
            }
            List<Future<BundleFile>> finished = new ArrayList<>();
            outputs.forEach((width, output) -> finished.add(threads.submit(() -> finish(part, width, output))));
            List<BundleFile> ofPart = new ArrayList<>();
            for (Future<BundleFile> file : finished) {
                ofPart.add(await(file));
            }
            if (part.hasWidths()) {
                kept.forEach(width -> ofPart.add(earlier.get().keep(part, width, staging.folder())));
                ofPart.sort(Comparator.comparingInt(BundleFile::bits));
            }
            files.addAll(ofPart);
        } finally {
            outputs.values().forEach(Preparation::close);
        }
    }

    private void write(ModelPart part, PartTensor tensor, Map<Integer, SafetensorsFile> outputs) {
        int step = RowTask.rowsPerTask(tensor);
        List<Future<?>> tasks = new ArrayList<>();
        for (int row = 0; row < tensor.rows(); row += step) {
            RowTask task = new RowTask(part, tensor, row, Math.min(step, tensor.rows() - row));
            tasks.add(threads.submit(() -> task.run(checkpoint, options.quantizer(), outputs)));
        }
        long total = sourceBytes();
        long perRow = tensor.sources().stream()
                        .mapToLong(source -> checkpoint.tensor(source).bytes())
                        .sum()
                / tensor.rows();
        for (int i = 0; i < tasks.size(); i++) {
            await(tasks.get(i));
            doneBytes += perRow * Math.min(step, tensor.rows() - i * step);
            options.progress().advanced(doneBytes, total, part.label());
        }
    }

    private SafetensorsFile create(ModelPart part, int width) {
        Path path = staging.folder().resolve(part.fileName(width));
        List<StoredTensor> tensors = new ArrayList<>();
        part.tensors().forEach(tensor -> tensors.addAll(tensor.stored(width)));
        try {
            return SafetensorsFile.create(path, tensors);
        } catch (IOException e) {
            throw WriteFailure.of(path, 0, e);
        }
    }

    private BundleFile finish(ModelPart part, int width, SafetensorsFile output) {
        try {
            output.force();
            int block = width == 0 || width == 16
                    ? 0
                    : BlockFormat.of(width, checkpoint.architecture().hidden()).block();
            return new BundleFile(
                    part.role(),
                    Bundle.ROLE_VERSION,
                    part.fileName(width),
                    Sha256.of(output.path()),
                    output.size(),
                    width,
                    block,
                    part.layer());
        } catch (IOException e) {
            throw WriteFailure.of(output.path(), output.size(), e);
        }
    }

    private long sourceBytes() {
        return checkpoint.tensorNames().stream()
                .mapToLong(name -> checkpoint.tensor(name).bytes())
                .sum();
    }

    /** Half an hour of work should not end at a disk that was too small from the beginning. */
    private void refuseFullDisk(List<ModelPart> parts) {
        long needed = 0;
        for (ModelPart part : parts) {
            for (int width : part.hasWidths() ? widths : Collections.singletonList(0)) {
                for (PartTensor tensor : part.tensors()) {
                    needed += tensor.stored(width).stream()
                            .mapToLong(StoredTensor::bytes)
                            .sum();
                }
            }
        }
        long free = staging.folder().toFile().getUsableSpace();
        if (free > 0 && free < needed) {
            throw new ModelException(
                    Reason.WRITE_FAILED,
                    staging.target() + ": the bundle needs " + needed + " bytes, but the disk has " + free
                            + " free. Make room, choose fewer widths or another folder");
        }
    }

    /** Before the work begins: a model whose tokenizer cannot be used takes and gives no text. */
    private static Optional<TokenizerFile> tokenizer(
            PreparationOptions options, Checkpoint checkpoint, JsonObject config) {
        Path file = checkpoint.file("tokenizer.json");
        if (Files.isRegularFile(file)) {
            return Optional.of(
                    TokenizerFile.read(file, config, checkpoint.architecture().vocabulary()));
        }
        if (options.tokenizerRequired()) {
            throw new ModelException(
                    Reason.NOT_A_CHECKPOINT,
                    file + ": no such file. Without a tokenizer a model takes and gives no text. Where the folder has"
                            + " tokenizer.model or vocab.json, in Python, AutoTokenizer.from_pretrained(FOLDER)"
                            + ".save_pretrained(FOLDER) writes it");
        }
        return Optional.empty();
    }

    private static void commit(StagingFolder staging) {
        try {
            staging.commit();
        } catch (IOException e) {
            throw WriteFailure.of(staging.target(), 0, e);
        }
    }

    private static void close(SafetensorsFile file) {
        try {
            file.close();
        } catch (IOException e) {
            throw WriteFailure.of(file.path(), file.size(), e);
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ModelException) {
                throw (ModelException) e.getCause();
            }
            if (e.getCause() instanceof Error) {
                throw (Error) e.getCause();
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelException(
                    Reason.WRITE_FAILED, "the preparation was interrupted; nothing half-written stays", e);
        }
    }

    private static void stop(ExecutorService threads) {
        threads.shutdownNow();
        try {
            threads.awaitTermination(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
