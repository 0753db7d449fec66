/** TS and TAB-Q: outliers apart, bits chosen for each token, headers and codes in the range coder. Internal to the codec. */
package dev.cleave.codec.tabq;
