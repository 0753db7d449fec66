package dev.cleave.cloud.fleet;

/**
 * What is taken of the cloud, or what it has: in whole units, so that sums are exact.
 *
 * @param computeMicros of computing for each second
 * @param kvBytes of keys and values
 * @param sessions at once
 */
public record Load(long computeMicros, long kvBytes, long sessions) {
    /** Nothing. */
    public static final Load NONE = new Load(0, 0, 0);

    /** Returns what is taken of a resource. */
    public long of(Resource resource) {
        return switch (resource) {
            case COMPUTE -> computeMicros;
            case KV -> kvBytes;
            case SESSIONS -> sessions;
        };
    }

    /** Returns the sum; what does not fit into 64 bits is {@link Long#MAX_VALUE}. */
    public Load plus(Load other) {
        return new Load(
                add(computeMicros, other.computeMicros), add(kvBytes, other.kvBytes), add(sessions, other.sessions));
    }

    private static long add(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** Returns what is left of this where another is taken. */
    public Load minus(Load other) {
        return new Load(computeMicros - other.computeMicros, kvBytes - other.kvBytes, sessions - other.sessions);
    }

    /** Returns the load of so many. */
    public Load times(int count) {
        return new Load(multiply(computeMicros, count), multiply(kvBytes, count), multiply(sessions, count));
    }

    private static long multiply(long value, int count) {
        return count != 0 && value > Long.MAX_VALUE / count ? Long.MAX_VALUE : value * count;
    }

    /** Returns whether no resource takes more than it has there. */
    public boolean within(Load capacity) {
        return computeMicros <= capacity.computeMicros && kvBytes <= capacity.kvBytes && sessions <= capacity.sessions;
    }

    /** Returns whether another takes at most as much of everything. */
    boolean covers(Load other) {
        return other.within(this);
    }
}
