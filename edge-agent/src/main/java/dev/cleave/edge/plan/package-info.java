/** Plans for this device: what goes into one, and how an answer is shown. */
package dev.cleave.edge.plan;
