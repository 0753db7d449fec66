/** The cloud service as a process beside this one. */
package dev.cleave.workbench.cloud;
