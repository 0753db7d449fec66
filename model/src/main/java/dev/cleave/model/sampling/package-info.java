/**
 * From logits to one token id.
 */
package dev.cleave.model.sampling;
