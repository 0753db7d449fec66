/**
 * Where the program keeps things, and where its settings come from: command line, then environment, then a file.
 */
package dev.cleave.edge.config;
