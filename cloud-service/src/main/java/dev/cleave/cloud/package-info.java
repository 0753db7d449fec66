/**
 * The cloud service: workers, health, metrics and the embedded broker.
 */
package dev.cleave.cloud;
