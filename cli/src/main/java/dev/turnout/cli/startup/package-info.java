/**
 * What {@code ./turnout} does to the jar once after a build so that every start is quicker. A jar goes in, a jar that behaves
 * the same comes out; nothing at run time depends on it.
 */
@NullMarked
package dev.turnout.cli.startup;

import org.jspecify.annotations.NullMarked;
