/**
 * The standard modules, written in the language: their texts by name. {@code import net;} brings in the text {@code
 * net.turn} of this package's resources.
 */
@NullMarked
package dev.turnout.stdlib.prelude;

import org.jspecify.annotations.NullMarked;
