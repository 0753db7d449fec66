/**
 * What runs on a board. Here is where its program begins and how it ends; the packages below hold its commands, what configures
 * them, plans and profiles for this device, and the report of an answer.
 */
package dev.cleave.edge;
