/** Measures what a bundle costs on this machine, through the interfaces of engine and codec alone. */
package dev.cleave.optimizer.measure;
