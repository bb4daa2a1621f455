package dev.turnout.driver.stage;

import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.linux.load.InstructionEntry;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.verifier.specialize.ExecutableProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Jump tables as the running kernel keeps them: where their targets are, now that it has rewritten and translated the program. */
public final class KernelTables {
    private KernelTables() {}

    /** The entries of all jump tables, in order of programs and tables; reports what the kernel does not load. */
    public static List<TableEntry> of(BpfObject object, Diagnostics diagnostics) {
        List<TableEntry> entries = new ArrayList<>();
        for (ObjectFunction function : object.programs()) {
            Optional<BpfProgram> program = ProgramLoader.load(object, function.name(), diagnostics);
            try (KernelObject kernel = new KernelObject()) {
                if (program.isPresent()
                        && kernel.load(program.get(), diagnostics).isPresent()) {
                    kernel.instructions().forEach((table, all) -> add(program.get(), table, all, entries));
                }
            }
        }
        return entries;
    }

    private static void add(BpfProgram program, String table, List<InstructionEntry> all, List<TableEntry> to) {
        for (int i = 0; i < all.size(); i++) {
            InstructionEntry entry = all.get(i);
            boolean there = entry.rewritten().isPresent();
            CodePlace place = new CodePlace(
                    entry.original(),
                    there ? entry.rewritten() : OptionalInt.of(ExecutableProgram.REMOVED),
                    there ? OptionalInt.of(entry.nativeOffset()) : OptionalInt.empty(),
                    program.lineAt(entry.original()));
            to.add(new TableEntry.Jump(table, program.name(), i, place));
        }
    }
}
