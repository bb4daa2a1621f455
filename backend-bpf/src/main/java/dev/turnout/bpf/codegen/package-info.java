/**
 * Code generation as a whole: an IR {@link dev.turnout.ir.model.Module} and a target go in, a {@link
 * dev.turnout.bpf.object.BpfObject} comes out, and a report that says which form each construct took and why. The stages are
 * lowering ({@code lower}), selection ({@code select}), register allocation ({@code regalloc}), the frame ({@code frame})
 * and layout ({@code layout}), one function at a time.
 */
@NullMarked
package dev.turnout.bpf.codegen;

import org.jspecify.annotations.NullMarked;
