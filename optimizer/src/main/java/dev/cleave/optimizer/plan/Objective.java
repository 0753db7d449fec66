package dev.cleave.optimizer.plan;

import dev.cleave.optimizer.ProfileException;
import dev.cleave.optimizer.profile.Checks;

/**
 * What a plan is to make small: a weighted sum. Definition ours.
 *
 * @param name as users write it
 * @param perMilli weight of the expected ms a token of the answer, the first one's wait included
 * @param perNat weight of the loss of quality, nats a token
 * @param perByte weight of the bytes sent upwards for a token of the answer, the prompt's included
 * @param perCloudMilli weight of the cloud's ms for a token of the answer, the prompt's included
 * @param perTokenOfLength reward for each token of the length W
 */
public record Objective(
        String name, double perMilli, double perNat, double perByte, double perCloudMilli, double perTokenOfLength) {
    /** Least expected time. */
    public static final Objective TIME = new Objective("time", 1, 0, 0, 0, 0);

    /** Least loss. */
    public static final Objective QUALITY = new Objective("quality", 0, 1, 0, 0, 0);

    /** Greatest W. */
    public static final Objective LENGTH = new Objective("length", 0, 0, 0, 0, 1);

    /** Fewest bytes upwards. */
    public static final Objective BYTES = new Objective("bytes", 0, 0, 1, 0, 0);

    /** Least work for the cloud. */
    public static final Objective CLOUD = new Objective("cloud", 0, 0, 0, 1, 0);

    private static final double MOST = 1e12;

    /** Checks the weights. */
    public Objective {
        Checks.within("objective.perMilli", perMilli, 0, MOST);
        Checks.within("objective.perNat", perNat, 0, MOST);
        Checks.within("objective.perByte", perByte, 0, MOST);
        Checks.within("objective.perCloudMilli", perCloudMilli, 0, MOST);
        Checks.within("objective.perTokenOfLength", perTokenOfLength, 0, MOST);
        if (perMilli + perNat + perByte + perCloudMilli + perTokenOfLength == 0) {
            throw new ProfileException("objective", "without a weight", "at least one weight above 0");
        }
    }

    /** Returns the cost of a forecast; the smaller, the better. */
    public double cost(Forecast forecast, int length) {
        return cost(
                forecast.expectedMillis(),
                forecast.loss(),
                forecast.bytesPerToken(),
                forecast.cloudMillisPerToken(),
                length);
    }

    double cost(double millis, double nats, double bytes, double cloudMillis, int length) {
        return perMilli * millis
                + perNat * nats
                + perByte * bytes
                + perCloudMilli * cloudMillis
                - perTokenOfLength * length;
    }
}
