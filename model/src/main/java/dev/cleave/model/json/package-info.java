/**
 * JSON as a small tree of maps and lists, by stream: no reflection, so that it also runs on Android.
 */
package dev.cleave.model.json;
