/** The playground, a thin rim over {@code driver}: every pane will be a stage that the command line can dump. */
@NullMarked
package dev.turnout.playground;

import org.jspecify.annotations.NullMarked;
