/**
 * Emulated devices and links: a segment that takes k times its time, and a proxy that makes loopback a link. What is measured on
 * them is called emulated.
 */
package dev.cleave.bench.emulation;
