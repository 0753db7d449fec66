/**
 * What both ends of a session stand on: the connection to the broker by Paho, its reconnect loop, topics and names. Not for
 * others.
 */
package dev.cleave.transport.internal;
