/**
 * A model on this device, ready to answer, with its worker where layers are there: for the command line, for a server, and for
 * tests.
 */
package dev.cleave.edge.session;
