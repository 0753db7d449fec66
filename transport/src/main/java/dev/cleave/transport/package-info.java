/**
 * The session protocol over MQTT 5: what both ends share. The packages below hold the device's and the worker's end.
 */
package dev.cleave.transport;
