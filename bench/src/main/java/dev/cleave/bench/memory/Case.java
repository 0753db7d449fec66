package dev.cleave.bench.memory;

import dev.cleave.codec.CodecLevel;
import dev.cleave.edge.report.MemoryPrediction;
import dev.cleave.generation.SplitConfig;
import dev.cleave.model.Mode;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of a device.
 *
 * @param bundle folder
 * @param split layers on the device
 * @param bits width of the front segment
 * @param context planned length W, tokens
 * @param codec level
 */
record Case(Path bundle, int split, int bits, int context, String link) {
    private static final String SENTENCE = "Tell me a story about a cat. ";

    /** Tokens that are generated at least; before them the prompt runs in full chunks. */
    private static final int GENERATED = 56;

    MemoryPrediction prediction() {
        SplitConfig config = new SplitConfig(split, bits, backBits(), CodecLevel.of(link), Mode.FAST);
        return MemoryPrediction.of(Bundle.open(bundle), config, context);
    }

    /** Returns the command: a text that fills the context. */
    List<String> command(String broker) {
        List<String> command = new ArrayList<>(List.of("./cleave", "run", "--model", bundle.toString()));
        command.addAll(List.of("--broker", broker, "--split", "" + split, "--front-bits", "" + bits));
        command.addAll(List.of("--back-bits", "" + backBits(), "--context", "" + context, "--link", link));
        command.addAll(List.of("--raw", "--json", "--quiet", "--max-tokens", "" + context));
        // So hot that every token is as likely as the one that ends a text.
        command.addAll(List.of("--temperature", "4", "--seed", "5", "--step-timeout", "5m", "--open-timeout", "5m"));
        command.add(prompt());
        return command;
    }

    private String prompt() {
        Tokenizer tokenizer = Tokenizer.of(Bundle.open(bundle).tokenizerJson());
        int each = tokenizer.encode(SENTENCE, false).length;
        return SENTENCE.repeat((context - GENERATED) / each);
    }

    /** The device does not care; the narrowest computes fastest. */
    private int backBits() {
        return Bundle.open(bundle).widths().get(0);
    }
}
