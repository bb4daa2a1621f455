/** The engine as a whole. What may end its process runs in one of its own. */
@NullMarked
package dev.turnout.x86;

import org.jspecify.annotations.NullMarked;
