/**
 * The command line: reads files and arguments, calls {@code driver}, writes results to standard output and diagnostics to
 * standard error. Nothing is decided here.
 */
@NullMarked
package dev.turnout.cli;

import org.jspecify.annotations.NullMarked;
