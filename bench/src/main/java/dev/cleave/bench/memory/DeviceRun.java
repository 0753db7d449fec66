package dev.cleave.bench.memory;

import dev.cleave.bench.ProcessMemory;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What one process of the device was.
 *
 * @param status exit status
 * @param peak VmHWM, bytes; 0 where the run failed
 * @param predicted what the process itself predicted, bytes
 * @param anonymous greatest RssAnon, bytes, looked at every few milliseconds
 * @param tokens of prompt and answer
 * @param finish why the text ended, or what failed
 */
record DeviceRun(int status, long peak, long predicted, long anonymous, int tokens, String finish) {
    private static final int LIMIT_MINUTES = 10;
    private static final int EVERY_MILLIS = 10;

    static DeviceRun of(List<String> command, Path work) throws IOException, InterruptedException {
        Path out = work.resolve("device.json");
        Path err = work.resolve("device.err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(LIMIT_MINUTES);
        long anonymous = 0;
        while (!process.waitFor(EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
            anonymous =
                    Math.max(anonymous, ProcessMemory.anonymous(process.pid()).orElse(0));
            if (System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IllegalStateException("still running after " + LIMIT_MINUTES + " min: " + command);
            }
        }
        int status = process.exitValue();
        if (status != 0) {
            String why = Files.readString(err).lines().reduce((a, b) -> b).orElse("no message");
            return new DeviceRun(status, 0, 0, anonymous, 0, why);
        }
        JsonObject report = Json.parseObject(Files.readString(out).getBytes(StandardCharsets.UTF_8), "a report");
        JsonObject memory = report.object("memory");
        return new DeviceRun(
                status,
                memory.integer("peakRss", 0, Long.MAX_VALUE),
                memory.integer("predicted", 0, Long.MAX_VALUE),
                anonymous,
                (int) report.integer("promptTokens", 0, Integer.MAX_VALUE)
                        + report.list("tokenIds").size(),
                report.string("finishReason"));
    }
}
