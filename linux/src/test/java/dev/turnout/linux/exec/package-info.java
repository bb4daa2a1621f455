@NullMarked
package dev.turnout.linux.exec;

import org.jspecify.annotations.NullMarked;
