package dev.cleave.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process may end while other threads load and run: ONNX Runtime's own shutdown hook would crash it then. */
class ExitTest {
    @TempDir
    private Path folder;

    @Test
    @Timeout(120)
    void exitDuringInferenceIsAnExit() throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        TestBundles.hearth().folder().toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile())
                .start();
        assertThat(child.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue())
                .as(Files.readString(folder.resolve("output.txt")))
                .isZero();
    }

    /** Opens and runs in two threads, and exits in the middle of it. */
    public static final class Child {
        private static final int RUNNING_MILLIS = 400;
        private static final int HOOK_MILLIS = 300;

        private Child() {}

        /** Takes the folder of a bundle. */
        public static void main(String[] args) throws InterruptedException {
            Bundle bundle = Bundle.open(Path.of(args[0]));
            SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT);
            for (int i = 0; i < 2; i++) {
                Thread thread = new Thread(() -> openAndRun(engine, bundle));
                thread.setDaemon(true);
                thread.start();
            }
            // As programs have: a hook that takes its time while others have ended.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> sleep(HOOK_MILLIS)));
            sleep(RUNNING_MILLIS);
            System.exit(0);
        }

        private static void openAndRun(SegmentEngine engine, Bundle bundle) {
            while (true) {
                try (Sequence segment =
                        engine.begin(bundle, new SegmentSpec(0, 12, 4, Mode.FAST), 64, KvPrecision.FLOAT32)) {
                    for (int i = 0; i < 60; i++) {
                        segment.run(new int[] {5}, 0, 1, i, Output.LAST);
                    }
                }
            }
        }

        private static void sleep(int millis) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
