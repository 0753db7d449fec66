package dev.cleave.model.sampling;

/** Random numbers by place rather than by turn: SplitMix64 (Steele, Lea and Flood, 2014) as a hash of seed and position. */
final class SplitMix {
    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private SplitMix() {}

    /** Returns the number in [0, 1) that belongs to a seed and a position. */
    static double uniform(long seed, int position) {
        return (mix(mix(seed + GAMMA) + GAMMA * (position + 1L)) >>> 11) * 0x1p-53;
    }

    private static long mix(long state) {
        long z = state;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
