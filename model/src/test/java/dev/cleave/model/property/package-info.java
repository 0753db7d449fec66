/**
 * Properties that hold for whatever seeds make.
 */
package dev.cleave.model.property;
