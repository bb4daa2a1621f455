@NullMarked
package dev.turnout.x86.live;

import org.jspecify.annotations.NullMarked;
