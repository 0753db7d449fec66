/** Where a step is computed: on both sides, in the cloud or on the device; and the connection to the worker. */
package dev.cleave.generation.backend;
