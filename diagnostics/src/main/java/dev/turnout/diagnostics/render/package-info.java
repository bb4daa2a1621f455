/**
 * Diagnostics as text: for a terminal (with the source lines and what is underlined in them) and as JSON, a line each.
 * Both read the same {@link dev.turnout.diagnostics.diagnostic.Diagnostic}.
 */
@NullMarked
package dev.turnout.diagnostics.render;

import org.jspecify.annotations.NullMarked;
