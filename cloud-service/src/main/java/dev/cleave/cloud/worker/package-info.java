/**
 * The worker: sessions on back segments, from one copy of the weights for each width and mode.
 */
package dev.cleave.cloud.worker;
