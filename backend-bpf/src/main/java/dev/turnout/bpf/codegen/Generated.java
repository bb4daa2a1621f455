package dev.turnout.bpf.codegen;

import dev.turnout.bpf.object.BpfObject;

/**
 * What code generation made.
 *
 * @param object not to be used if errors were reported
 */
public record Generated(BpfObject object, LoweringReport report) {}
