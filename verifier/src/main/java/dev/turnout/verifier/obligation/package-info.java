/**
 * What must hold before an instruction, as data, and its judgement. {@link dev.turnout.verifier.obligation.Obligation#of}
 * turns an instruction into its list; {@link dev.turnout.verifier.obligation.Checker} judges one on what is known and says
 * what is missing. Nothing here changes a state: the fixpoint finds invariants first, then they are judged, so no transient
 * iterate of a loop is ever blamed.
 */
@NullMarked
package dev.turnout.verifier.obligation;

import org.jspecify.annotations.NullMarked;
