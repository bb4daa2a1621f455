package dev.turnout.x86.lower;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.x86.asm.AssembledCode;
import dev.turnout.x86.asm.Assembler;
import dev.turnout.x86.asm.BranchCell;
import dev.turnout.x86.asm.Label;
import dev.turnout.x86.code.Fixup;
import dev.turnout.x86.code.PatchMode;
import dev.turnout.x86.code.PatchSite;
import dev.turnout.x86.code.Stub;
import dev.turnout.x86.code.TailSite;
import dev.turnout.x86.code.X86Code;
import dev.turnout.x86.isa.Feature;
import dev.turnout.x86.isa.Gpr;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Code being made of a program: the assembler, the places of its instructions and functions, and what stays open. */
final class Draft {
    private record Open(Label field, IntFunction<Fixup> fixup) {}

    private record Cell(Label at, int slot, BranchCell form, List<BranchSite> records) {}

    private record Tail(int slot, Label gate, Label jump, Label miss, BranchCell form, int map, int index) {}

    final BpfProgram program;
    final Set<Feature> features;
    final PatchMode patching;
    final Assembler asm;

    private final @Nullable Label[] slots;
    private final @Nullable Label[] entries;
    private final List<Open> open = new ArrayList<>();
    private final List<Cell> cells = new ArrayList<>();
    private final List<Tail> tails = new ArrayList<>();

    Draft(BpfProgram program, Set<Feature> features, PatchMode patching, Assembler asm) {
        this.program = program;
        this.features = features;
        this.patching = patching;
        this.asm = asm;
        int size = program.code().size();
        this.slots = new Label[size];
        this.entries = new Label[size];
        for (int slot = 0; slot < size; slot++) {
            if (program.code().begins(slot)) {
                slots[slot] = new Label();
            }
        }
        for (BpfProgram.FunctionRange function : program.functions()) {
            entries[function.start()] = new Label();
        }
    }

    /** Where an instruction's code begins. */
    Label slot(int slot) {
        return known(slots[slot], slot);
    }

    /** Where the function that begins at a slot is called: its head, before the code of the slot. */
    Label entry(int slot) {
        return known(entries[slot], slot);
    }

    private static Label known(@Nullable Label label, int slot) {
        if (label == null) {
            throw new IllegalStateException("nothing begins at slot " + slot);
        }
        return label;
    }

    void callStub(Stub stub) {
        open.add(new Open(asm.callOutside(), at -> new Fixup.ToStub(at, stub)));
    }

    void mapHeader(Gpr dst, int map) {
        open.add(new Open(asm.movImm64(dst, 0), at -> new Fixup.MapHeader(at, map)));
    }

    void mapValue(Gpr dst, int map, int offset) {
        open.add(new Open(asm.movImm64(dst, 0), at -> new Fixup.MapValue(at, map, offset)));
    }

    void keyValue(Gpr dst, int key) {
        open.add(new Open(asm.movImm64(dst, 0), at -> new Fixup.KeyValue(at, key)));
    }

    /**
     * A cell that obeys the records of a site.
     *
     * @param records the first that holds decides
     */
    void cell(int slot, BranchCell form, List<BranchSite> records) {
        Label target = null;
        for (BranchSite one : records) {
            long initial = program.keys().get(one.key()).initial();
            if ((initial == one.value()) != one.inverse()) {
                target = slot(one.target());
                break;
            }
        }
        cells.add(new Cell(asm.cell(form, target), slot, form, records));
    }

    /**
     * Notes a tail call to an entry that is known.
     *
     * @param gate its first cell
     * @param jump its second
     */
    void tailCall(int slot, Label gate, Label jump, Label miss, BranchCell form, int map, int index) {
        tails.add(new Tail(slot, gate, jump, miss, form, map, index));
    }

    X86Code code(AssembledCode assembled) {
        int[] offsets = new int[slots.length];
        for (int slot = 0; slot < offsets.length; slot++) {
            Label label = slots[slot];
            offsets[slot] = label == null ? X86Code.NONE : assembled.offset(label);
        }
        int[] heads = new int[program.functions().size()];
        for (int i = 0; i < heads.length; i++) {
            heads[i] = assembled.offset(entry(program.functions().get(i).start()));
        }
        List<Fixup> fixups = new ArrayList<>(open.size());
        for (Open one : open) {
            fixups.add(one.fixup.apply(assembled.offset(one.field)));
        }
        List<PatchSite> sites = new ArrayList<>(cells.size());
        for (Cell cell : cells) {
            List<PatchSite.Way> ways = new ArrayList<>(cell.records.size());
            for (BranchSite one : cell.records) {
                ways.add(new PatchSite.Way(one.key(), one.value(), one.inverse(), offsets[one.target()]));
            }
            sites.add(new PatchSite(cell.slot, assembled.offset(cell.at), cell.form, ways));
        }
        List<TailSite> jumps = new ArrayList<>(tails.size());
        for (Tail one : tails) {
            jumps.add(new TailSite(
                    one.slot,
                    assembled.offset(one.gate),
                    assembled.offset(one.jump),
                    assembled.offset(one.miss),
                    one.form,
                    one.map,
                    one.index));
        }
        return new X86Code(assembled.bytes(), offsets, heads, fixups, sites, jumps);
    }
}
