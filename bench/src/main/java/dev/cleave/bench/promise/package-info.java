/** Whether plans keep their promises: predicted beside measured, on emulated devices and links. */
package dev.cleave.bench.promise;
