/** Planning over HTTP: one device, or a fleet. What is wrong with a request is said as RFC 9457 problem details. */
package dev.cleave.cloud.api;
