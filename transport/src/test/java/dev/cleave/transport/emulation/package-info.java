/**
 * An emulated link for tests and benchmarks: a proxy that makes loopback as slow, narrow and unsteady as a link of some shape.
 */
package dev.cleave.transport.emulation;
