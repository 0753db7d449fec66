/** The loop from a prompt to a text, token by token, and the conversation round it. */
package dev.cleave.generation.loop;
