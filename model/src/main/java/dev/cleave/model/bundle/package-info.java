/**
 * A prepared model on disk: how it is written, listed, checked and opened.
 */
package dev.cleave.model.bundle;
