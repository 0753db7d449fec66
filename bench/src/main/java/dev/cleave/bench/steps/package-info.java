/**
 * What a broker between two segments costs a token.
 */
package dev.cleave.bench.steps;
