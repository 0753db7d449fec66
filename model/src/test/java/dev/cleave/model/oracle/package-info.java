/**
 * A second opinion: the forward pass of the Llama family in plain Java, reading a bundle's files by their documented format
 * alone. It shares no code with what it checks, beyond the record that states the model's shape.
 */
package dev.cleave.model.oracle;
