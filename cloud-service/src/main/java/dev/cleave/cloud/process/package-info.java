/**
 * What the service owes the process that started it: signals, exit codes, the ready file, and to go when its parent goes.
 */
package dev.cleave.cloud.process;
