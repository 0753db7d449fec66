/**
 * What the program tells about a run or a model, for people and as JSON.
 */
package dev.cleave.edge.report;
