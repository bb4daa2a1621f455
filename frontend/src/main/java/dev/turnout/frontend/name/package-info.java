/**
 * Modules and their names. In: the syntax of the main file and whatever an {@link
 * dev.turnout.frontend.name.ImportResolver} (given from outside: this stage reads no files) has for its imports. Out: {@link
 * dev.turnout.frontend.name.Module}s in an order where a module comes behind those it imports, each with the table of what
 * it declares and what its imports make visible.
 *
 * <p>The rules: a module's own names win over imported ones; a name that two imports give is an error where it is used
 * without its module; only {@code pub} names are seen from outside; imports make no cycle.
 */
@NullMarked
package dev.turnout.frontend.name;

import org.jspecify.annotations.NullMarked;
