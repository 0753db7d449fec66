/** What the build runs once, so that the program starts faster afterwards. */
package dev.cleave.workbench.start;
