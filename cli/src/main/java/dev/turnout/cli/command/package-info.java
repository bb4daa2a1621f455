/** The commands, a file each. A command reads its options, calls {@code driver}, and prints what comes back. */
@NullMarked
package dev.turnout.cli.command;

import org.jspecify.annotations.NullMarked;
