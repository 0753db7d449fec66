package dev.cleave.generation.loop;

import dev.cleave.codec.CodecLevel;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.backend.DeviceModel;
import dev.cleave.model.Mode;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.Preparation;
import dev.cleave.model.bundle.PreparationOptions;
import dev.cleave.model.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The model that the repository ships, prepared once for all tests of this module. */
final class Hearth {
    static final Bundle BUNDLE = prepare();
    static final Tokenizer TOKENIZER = Tokenizer.of(BUNDLE.tokenizerJson());
    static final int STOP = BUNDLE.stopIds().get(0);

    private Hearth() {}

    /** Returns the model cut so that the device holds nothing but the tokenizer. */
    static DeviceModel tokenizerOnly(int maxLength) {
        SplitConfig config = new SplitConfig(0, 4, 8, CodecLevel.of("int8"), Mode.FAST);
        return new DeviceModel(BUNDLE, TOKENIZER, config, maxLength, Optional.empty(), Optional.empty());
    }

    private static Bundle prepare() {
        Path root = Path.of(System.getProperty("cleave.root"));
        // Of this virtual machine alone: another runs other tests beside it.
        Path target = Path.of(
                System.getProperty("java.io.tmpdir"),
                "bundle-" + ProcessHandle.current().pid(),
                "hearth-5m");
        return Preparation.prepare(PreparationOptions.of(root.resolve("models/hearth-5m"), target, List.of(4, 8)));
    }
}
