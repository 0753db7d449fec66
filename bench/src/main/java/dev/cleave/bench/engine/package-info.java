/**
 * How fast segments run and what memory they take, beside llama.cpp and the memory's own speed.
 */
package dev.cleave.bench.engine;
