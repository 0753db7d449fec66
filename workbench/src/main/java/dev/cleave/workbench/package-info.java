/** The developer's program: everything that the board's can do, and preparing, evaluating, drawing and the cloud service beside it. */
package dev.cleave.workbench;
