/** What evaluation and calibration found, for people and as JSON. */
package dev.cleave.workbench.report;
