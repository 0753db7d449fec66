/**
 * What each codec level costs in bits and in quality, on real text through real segments.
 */
package dev.cleave.bench.link;
