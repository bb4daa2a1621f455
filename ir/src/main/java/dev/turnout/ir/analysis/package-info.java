/**
 * What can be known of a function without running it. An analysis is made from an immutable {@link
 * dev.turnout.ir.model.Function} and is itself immutable: nothing keeps it up to date, a changed function gets a new one.
 *
 * <ul>
 *   <li>{@link dev.turnout.ir.analysis.ControlFlowGraph}: edges both ways, reverse postorder, what is reachable.
 *   <li>{@link dev.turnout.ir.analysis.DominatorTree}: which block lies on every way to which (Cooper, Harvey, Kennedy).
 *   <li>{@link dev.turnout.ir.analysis.LoopForest}: natural loops and their nesting.
 *   <li>{@link dev.turnout.ir.analysis.Definitions}: where each value is defined, how often it is used.
 *   <li>{@link dev.turnout.ir.analysis.AliasAnalysis}: which accesses to memory can meet, and what calls do to memory.
 *   <li>{@link dev.turnout.ir.analysis.CallTargets}: which functions a call through a value may call; of a whole module.
 * </ul>
 *
 * <p>Blocks are named by their position ({@code Label.index()}) and values by their number, so that facts live in plain
 * arrays.
 */
@NullMarked
package dev.turnout.ir.analysis;

import org.jspecify.annotations.NullMarked;
