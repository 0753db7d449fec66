/**
 * What the settings may be: which names there are, which values each may have, and how one that cannot be used is told to its
 * user, in one line.
 */
package dev.cleave.cloud.settings;
