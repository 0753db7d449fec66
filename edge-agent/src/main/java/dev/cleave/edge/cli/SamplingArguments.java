package dev.cleave.edge.cli;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.model.sampling.SamplingOptions;
import java.security.SecureRandom;
import picocli.CommandLine.Option;

/** Options that say how the answer is chosen. */
public final class SamplingArguments {
    @Option(
            names = {"-n", "--max-tokens"},
            paramLabel = "TOKENS",
            defaultValue = "256",
            description = "Greatest length of the answer (default: ${DEFAULT-VALUE}).")
    public int maxTokens;

    @Option(
            names = {"-t", "--temperature"},
            paramLabel = "T",
            defaultValue = "0",
            description = "0 always takes the likeliest token, otherwise 0.01 to 10 (default: ${DEFAULT-VALUE}).")
    public float temperature;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "0",
            description = "Choose among the K likeliest tokens; 0 for all (default: ${DEFAULT-VALUE}).")
    public int topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1",
            description = "Then among the fewest whose probabilities reach P (default: ${DEFAULT-VALUE}).")
    public float topP;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The same seed chooses the same text (default: another one every time).")
    public Long seed;

    /** Checks the options and returns them, with a seed in any case. */
    public SamplingOptions options() {
        check(maxTokens >= 1, "--max-tokens " + maxTokens + " must be at least 1");
        check(
                temperature == 0 || temperature >= 0.01f && temperature <= 10,
                "--temperature " + temperature + " must be 0 or 0.01..10");
        check(topK >= 0, "--top-k " + topK + " must be at least 0");
        check(topP > 0 && topP <= 1, "--top-p " + topP + " must be above 0 and at most 1");
        long chosen = seed != null ? seed : temperature == 0 ? 0 : new SecureRandom().nextInt(Integer.MAX_VALUE);
        return new SamplingOptions(temperature, topK, topP, chosen);
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new CliException(ExitCode.USAGE, message);
        }
    }
}
