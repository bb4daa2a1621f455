@NullMarked
package dev.turnout.x86.memory;

import org.jspecify.annotations.NullMarked;
