/**
 * Named rivals, so that every table has one in the same run.
 */
package dev.cleave.bench.rival;
