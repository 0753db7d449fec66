/** How fast plans are made. */
package dev.cleave.bench.planner;
