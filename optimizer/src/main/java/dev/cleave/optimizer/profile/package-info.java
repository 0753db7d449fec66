/** What a machine, a link and a loss of quality cost: values, checked where they are made. Times are in ms, sizes in bytes. */
package dev.cleave.optimizer.profile;
