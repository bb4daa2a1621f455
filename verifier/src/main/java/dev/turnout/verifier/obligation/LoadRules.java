package dev.turnout.verifier.obligation;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.link.JoinedTables;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.report.Violation;
import java.util.ArrayList;
import java.util.List;

/**
 * What Linux asks of a program's maps and functions as a whole, before any path is looked at. Linux 7.2, {@code __add_used_map} and
 * {@code check_btf_func}.
 */
public final class LoadRules {
    /** Linux's limit. */
    private static final int MOST_MAPS = 64;

    private LoadRules() {}

    /** What is wrong; nothing if the program may go on, or is not loaded by Linux's rules. */
    public static List<Violation> check(BpfProgram program, Options options) {
        List<Violation> found = new ArrayList<>();
        if (options.policy() != Options.Policy.LINUX) {
            return found;
        }
        int maps = program.maps().size() > MOST_MAPS ? JoinedTables.mapsNeeded(program) : 0;
        if (maps > MOST_MAPS) {
            found.add(Violation.of(
                            DiagnosticCode.V0178, 0, "the program uses " + maps + " maps, the limit is " + MOST_MAPS)
                    .note("sections of data count as maps, and so do the jump tables of each function together")
                    .help("put values of one kind into one map, or split the program with a tail call"));
        }
        program.functions().stream().skip(1).forEach(function -> leaving(program, function, found));
        return found;
    }

    /**
     * A tail call or a legacy packet load may end the program in a function: with its result, which must therefore be an int.
     * Without types nobody knows; Linux refuses, but nothing unsafe can come of it, as the result is a number or is not used.
     */
    private static void leaving(BpfProgram program, FunctionRange function, List<Violation> found) {
        if (!function.prototype().known()
                || isInt(program.surroundings().types(), function.prototype().result())) {
            return;
        }
        var code = program.code();
        for (int slot = function.start(); slot < function.end(); slot = code.next(slot)) {
            boolean tail = code.at(slot) instanceof Insn.CallHelper call && call.id() == HelperFunction.TAIL_CALL.id();
            if (tail || code.at(slot) instanceof Insn.PacketLoad) {
                found.add(Violation.of(
                                DiagnosticCode.V0176,
                                slot,
                                (tail ? "a tail call" : "a legacy packet load") + " stands in `" + function.name()
                                        + "`, which does not return an int")
                        .note("it may end the function early, and then the result comes from elsewhere, as an int")
                        .help("let the function return `int`, or move this into the program itself"));
                return;
            }
        }
    }

    private static boolean isInt(Btf types, int result) {
        if (result == 0) {
            return false;
        }
        BtfType type = types.find(types.strip(result)).orElse(null);
        return switch (type) {
            case BtfType.Int _, BtfType.Enumeration _ -> true;
            case null -> false;
            case BtfType.Pointer _, BtfType.Array _, BtfType.Composite _, BtfType.Forward _, BtfType.Typedef _ -> false;
            case BtfType.Modifier _, BtfType.Function _, BtfType.Prototype _, BtfType.Variable _ -> false;
            case BtfType.DataSection _, BtfType.FloatingPoint _, BtfType.DeclarationTag _ -> false;
        };
    }
}
