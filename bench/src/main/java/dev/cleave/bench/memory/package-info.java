/** What a device's process really occupies, beside what was predicted. */
package dev.cleave.bench.memory;
