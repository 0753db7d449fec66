/**
 * The commands, and the options that they share.
 */
package dev.cleave.edge.cli;
