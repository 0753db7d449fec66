/** Pictures of plans. */
package dev.cleave.workbench.plot;
