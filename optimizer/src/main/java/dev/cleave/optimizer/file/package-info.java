/**
 * Profiles as JSON files. Each states its format and version; whatever a file says is checked before it is believed, and every
 * refusal names the file, the field, its value and what was expected.
 */
package dev.cleave.optimizer.file;
