package dev.cleave.codec.tabq;

import dev.cleave.codec.rans.SpreadTables;

/**
 * What an encoder of TS and TAB-Q keeps to.
 *
 * @param outlier τ in units of the token's rms, at least 4; infinity keeps outliers in
 * @param delta Δ, maximum relative error of a token
 * @param entropy whether there is an entropy stage
 */
public record TabBounds(double outlier, double delta, boolean entropy) {
    /** Returns the spread of codes whose scale makes the error uniform noise of Δ: σ / s = 1 / (Δ · √12), to the nearest. */
    int usualSpread() {
        return SpreadTables.nearest((int) Math.round(4 * Math.log(10 / (delta * Math.sqrt(12))) / Math.log(2)));
    }
}
