/**
 * JSON as the command line reads and writes it: written by hand, a line an object, because the first use of a JSON library
 * costs more than most commands take; read by a library, because users write it.
 */
@NullMarked
package dev.turnout.driver.json;

import org.jspecify.annotations.NullMarked;
