/**
 * What this worker's machine takes: measured once in the background, published to devices, and told over HTTP.
 */
package dev.cleave.cloud.profile;
