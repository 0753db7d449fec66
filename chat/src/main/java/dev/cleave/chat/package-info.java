/**
 * Chat templates: which way a model's conversations are rendered, by role markers or by an interpreter of the template.
 */
package dev.cleave.chat;
