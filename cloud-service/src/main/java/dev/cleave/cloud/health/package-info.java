/**
 * Whether the service is alive and ready, for orchestrators.
 */
package dev.cleave.cloud.health;
