package dev.cleave.model.bundle;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.quantize.Quantizer;
import dev.cleave.model.quantize.RoundToNearest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

/**
 * What to prepare, and how.
 *
 * @param checkpoint Hugging Face folder
 * @param target folder of the bundle: new, empty, or a bundle, which is added to
 * @param widths of the bundle, of 2, 4, 8 and 16
 * @param threads that quantize, at least 1
 * @param tokenizerRequired whether a checkpoint without tokenizer.json is refused
 * @param replaceOther whether a bundle of another model at the target is replaced, with what was measured for it
 * @param quantizer of widths 2, 4 and 8
 * @param roleMarkers extracts role markers from the chat template
 * @param progress hears how far it is
 */
public record PreparationOptions(
        Path checkpoint,
        Path target,
        List<Integer> widths,
        int threads,
        boolean tokenizerRequired,
        boolean replaceOther,
        Quantizer quantizer,
        RoleMarkerExtractor roleMarkers,
        PreparationProgress progress) {

    /** Sorts the widths and checks what can be checked without a file. */
    public PreparationOptions {
        widths = Collections.unmodifiableList(new ArrayList<>(new TreeSet<>(widths)));
        for (int width : widths) {
            if (width != 2 && width != 4 && width != 8 && width != 16) {
                throw new ModelException(Reason.OUT_OF_RANGE, "width " + width + " is none of 2, 4, 8 and 16");
            }
        }
        if (widths.isEmpty()) {
            throw new ModelException(
                    Reason.OUT_OF_RANGE, "no width is given; at least one of 2, 4, 8 and 16 is needed");
        }
        if (threads < 1) {
            throw new ModelException(Reason.OUT_OF_RANGE, "threads " + threads + " is below 1");
        }
    }

    /** Returns the usual options: all processors, a tokenizer required, round-to-nearest. */
    public static PreparationOptions of(Path checkpoint, Path target, List<Integer> widths) {
        return new PreparationOptions(
                checkpoint,
                target,
                widths,
                Runtime.getRuntime().availableProcessors(),
                true,
                false,
                new RoundToNearest(),
                RoleMarkerExtractor.NONE,
                PreparationProgress.NONE);
    }

    /** Returns the same with other threads. */
    public PreparationOptions withThreads(int value) {
        return new PreparationOptions(
                checkpoint, target, widths, value, tokenizerRequired, replaceOther, quantizer, roleMarkers, progress);
    }

    /** Returns the same, whether or not the checkpoint has a tokenizer. */
    public PreparationOptions withoutTokenizerRequired() {
        return new PreparationOptions(
                checkpoint, target, widths, threads, false, replaceOther, quantizer, roleMarkers, progress);
    }

    /** Returns the same, where a bundle of another model at the target is replaced or refused. */
    public PreparationOptions withReplaceOther(boolean value) {
        return new PreparationOptions(
                checkpoint, target, widths, threads, tokenizerRequired, value, quantizer, roleMarkers, progress);
    }

    /** Returns the same with another quantizer. */
    public PreparationOptions withQuantizer(Quantizer value) {
        return new PreparationOptions(
                checkpoint, target, widths, threads, tokenizerRequired, replaceOther, value, roleMarkers, progress);
    }

    /** Returns the same with an extractor of role markers. */
    public PreparationOptions withRoleMarkers(RoleMarkerExtractor value) {
        return new PreparationOptions(
                checkpoint, target, widths, threads, tokenizerRequired, replaceOther, quantizer, value, progress);
    }

    /** Returns the same with a listener. */
    public PreparationOptions withProgress(PreparationProgress value) {
        return new PreparationOptions(
                checkpoint, target, widths, threads, tokenizerRequired, replaceOther, quantizer, roleMarkers, value);
    }
}
