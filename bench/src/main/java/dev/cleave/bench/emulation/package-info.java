/**
 * Emulated devices: a segment that takes k times its time; and what these and the emulated links of the transport's tests are
 * worth. What is measured on them is called emulated.
 */
package dev.cleave.bench.emulation;
