package dev.turnout.bpf.layout;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.object.Relocation;
import dev.turnout.ir.model.Location;
import java.util.List;

/**
 * The code of a function; slots count from its start.
 *
 * @param relocations in order of slot
 * @param places where code came from, in order of slot, one for each change
 */
public record FunctionCode(
        List<Insn> insns,
        int slots,
        List<Relocation> relocations,
        List<Site> sites,
        List<Table> tables,
        List<Origin> places) {
    /** A static branch, or one value of a multi-way one. */
    public record Site(int slot, int target, String key, long value, boolean inverse) {}

    /** A jump table. */
    public record Table(String name, List<Integer> targets) {}

    /** From a slot on, code came from a place. */
    public record Origin(int slot, Location at) {}
}
