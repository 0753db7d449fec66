/**
 * The MQTT broker inside the service, for one machine and for trying things out.
 */
package dev.cleave.cloud.broker;
