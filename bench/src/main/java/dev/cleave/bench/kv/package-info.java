/**
 * What keys and values in float16 save and cost.
 */
package dev.cleave.bench.kv;
