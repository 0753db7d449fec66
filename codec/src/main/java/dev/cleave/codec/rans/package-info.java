/** The range coder (rANS): symbols of 4096 slots, tables of spreads, one coder or two side by side. Internal to the codec. */
package dev.cleave.codec.rans;
