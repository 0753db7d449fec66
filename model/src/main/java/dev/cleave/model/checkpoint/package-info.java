/**
 * Hugging Face folders: configuration and safetensors, read by rows and never trusted.
 */
package dev.cleave.model.checkpoint;
