/**
 * This process and those it starts: signals, children that never outlive their parent, and what the kernel says of memory.
 */
package dev.cleave.edge.process;
