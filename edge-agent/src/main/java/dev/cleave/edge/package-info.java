/**
 * The device's program: the command line. Here is where it begins and how it ends; the packages below hold its commands, what
 * configures them, the processes that it starts and the report that it prints.
 */
package dev.cleave.edge;
