/**
 * The part of Jinja2 that chat templates use, interpreted as Jinja2 does it with the settings of Transformers, on Python's
 * values. What is not known is refused by name. Texts know which of their characters somebody other than the template wrote.
 */
package dev.cleave.chat.jinja;
