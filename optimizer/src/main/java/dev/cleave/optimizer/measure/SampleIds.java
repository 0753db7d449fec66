package dev.cleave.optimizer.measure;

import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.BundleFile;
import dev.cleave.model.tokenizer.Tokenizer;
import java.util.Random;

/** The ids that the profiler runs: those of a short text, over and over, so that activations are such as they usually are. */
final class SampleIds {
    private static final String TEXT =
            "Once upon a time there was a small house at the edge of a wood. Every evening the lights"
                    + " went on in the kitchen, and someone closed the door. \"Turn on the lamp in the hall,\" said the girl, \"and set"
                    + " the heating to 21 degrees.\" Her brother looked up from his book. It was raining outside, and the cat had not"
                    + " come home yet. They waited for 10 minutes, then they took a torch and went to look for her.";

    /** A greater tokenizer takes more memory than measuring is worth: any ids do then. */
    private static final long MOST_TOKENIZER = 4L << 20;

    private SampleIds() {}

    static int[] of(Bundle bundle, int count) {
        int[] text = bundle.files().stream()
                        .filter(file -> file.role().equals(Bundle.TOKENIZER))
                        .mapToLong(BundleFile::bytes)
                        .anyMatch(bytes -> bytes <= MOST_TOKENIZER)
                ? Tokenizer.of(bundle.tokenizerJson()).encode(TEXT, true)
                : new int[0];
        int vocabulary = bundle.architecture().vocabulary();
        Random random = new Random(1);
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = text.length > 0 && text[i % text.length] < vocabulary
                    ? text[i % text.length]
                    : random.nextInt(vocabulary);
        }
        return ids;
    }
}
