/** The frame around every codec level, and rows of a fixed number of bytes: float32, bfloat16, int8. Internal to the codec. */
package dev.cleave.codec.frame;
