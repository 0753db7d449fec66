/**
 * Plans for many devices that share one cloud: a plan for each that keeps its budget, within the cloud's capacity; or why not.
 */
package dev.cleave.cloud.fleet;
