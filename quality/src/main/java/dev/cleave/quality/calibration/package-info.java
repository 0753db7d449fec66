/**
 * Learns how the activations at each split of a model are distributed: a text, by default one that the model writes itself,
 * runs through the layers; from what crosses each split come mean, transform, tables of what tokens predict, and codewords.
 */
package dev.cleave.quality.calibration;
