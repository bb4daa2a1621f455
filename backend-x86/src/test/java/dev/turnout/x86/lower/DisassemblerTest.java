package dev.turnout.x86.lower;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.random.RandomInsns;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.Code;
import dev.turnout.runtime.helper.HelperCalls;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.x86.asm.Assembler;
import dev.turnout.x86.asm.Objdump;
import dev.turnout.x86.code.Listing;
import dev.turnout.x86.code.PatchMode;
import dev.turnout.x86.isa.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A foreign disassembler reads in the translated code what the listing says. */
class DisassemblerTest {
    private static boolean translatable(Insn insn) {
        return switch (insn) {
            case Insn.CallKernel _, Insn.CastSpace _, Insn.StaticJump _ -> false;
            case Insn.Wide wide -> wide.kind() == WideKind.CONSTANT;
            default -> true; // The rest needs nothing from outside.
        };
    }

    /** Random instructions of all rows that machines run, in one function. */
    private static Code random(long seed, int count) {
        RandomInsns random = new RandomInsns(seed, row -> translatable(row.build(1, 2, 0, 1, 0)));
        List<Insn> insns = new ArrayList<>();
        for (Insn insn : random.code(count, true).insns()) {
            insns.add(insn instanceof Insn.CallHelper call && !supported(call) ? new Insn.CallHelper(1) : insn);
        }
        return Code.of(insns);
    }

    private static boolean supported(Insn.CallHelper call) {
        return HelperFunction.ofId(call.id())
                .filter(row -> HelperCalls.support(row) != HelperCalls.Support.NONE)
                .isPresent();
    }

    @Test
    void itReadsTheListing() throws Exception {
        for (long seed = 1; seed <= 4; seed++) {
            Code code = random(seed, 3000);
            var program = Sources.program(
                    code, List.of(new FunctionRange("main", 0, code.size(), true)), List.of(), List.<BranchSite>of());
            Set<Feature> features = seed % 2 == 0 ? Set.of(Feature.BMI2) : Set.of();
            PatchMode patching = seed == 1 ? PatchMode.FLAG : seed == 2 ? PatchMode.DISPLACEMENT : PatchMode.CELL;
            Listing listing = DirectCompiler.compile(program, features, patching, Assembler.listing());
            Objdump.judge(listing.code().bytes(), listing.lines());
        }
    }
}
