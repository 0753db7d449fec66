/**
 * The device's loop: text to tokens, front segment, codec, session, and tokens back to text. Free of command line and of Android.
 */
package dev.cleave.generation;
