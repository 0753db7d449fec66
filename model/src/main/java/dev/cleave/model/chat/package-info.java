/**
 * Chat templates of the simple kind: markers round messages. They need no Jinja, so that they also run on Android.
 */
package dev.cleave.model.chat;
