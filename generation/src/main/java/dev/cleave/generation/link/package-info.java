/** Which setting of the codec carries which activations, and what is known of the link: plan, schedule, ladder, samples. */
package dev.cleave.generation.link;
