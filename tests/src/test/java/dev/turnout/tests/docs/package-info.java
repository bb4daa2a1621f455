/**
 * Holds the documentation to what the compiler does: every example compiles, every example that should fail fails with the
 * code that it promises, and every code is explained and provoked somewhere.
 */
@NullMarked
package dev.turnout.tests.docs;

import org.jspecify.annotations.NullMarked;
