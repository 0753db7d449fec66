/**
 * Text to token ids and back: tokenizer.json of the BPE family in plain Java.
 */
package dev.cleave.model.tokenizer;
