/**
 * Chat templates by a Jinja library, for JVMs.
 */
package dev.cleave.chat;
