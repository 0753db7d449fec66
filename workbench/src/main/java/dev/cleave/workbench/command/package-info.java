/** The commands that a board does not need. */
package dev.cleave.workbench.command;
