/** Where measured profiles are kept, and how they are shown. */
package dev.cleave.edge.profile;
