/**
 * What the wire costs: a step's round trip and its garbage by payload and broker, and the codec by quality and width.
 */
package dev.cleave.bench.wire;
