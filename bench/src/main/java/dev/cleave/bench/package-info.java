/**
 * Benchmarks and their named rivals: each prints a table for docs/results.
 */
package dev.cleave.bench;
