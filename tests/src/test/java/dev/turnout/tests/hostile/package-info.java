/**
 * Bad input of every kind, through the command line as people meet it: a clear message within a screen, the exit code that
 * the contract names, no stack trace, nothing half-written.
 */
@NullMarked
package dev.turnout.tests.hostile;

import org.jspecify.annotations.NullMarked;
