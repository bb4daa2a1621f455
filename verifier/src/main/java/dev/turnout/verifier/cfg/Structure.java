package dev.turnout.verifier.cfg;

import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0101;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0102;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0103;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0104;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0109;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0128;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0130;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0134;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0136;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0137;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0162;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.Fault;
import dev.turnout.bpf.program.KernelSymbol;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.Prototype;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.report.Violation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * The rules that a program must keep before its states are looked at: every later stage relies on them. Targets are
 * instructions of the same function, calls go to functions, no function runs off its end, constants are such as the
 * operation takes, tables stay inside their function, nothing is unreachable.
 */
public final class Structure {
    /** Slots that a program may have; Linux's limit. */
    public static final int MOST_SLOTS = 1_000_000;

    /** Functions that Linux lets a program have, the main one included. */
    private static final int MOST_FUNCTIONS_LINUX = 256;
    /** Functions that we follow: each costs time by the length of the whole program. */
    private static final int MOST_FUNCTIONS = 4096;

    private static final int MOST_REPORTED = 20;

    private final BpfProgram program;
    private final Code code;
    private final boolean linux;
    private final List<Violation> found = new ArrayList<>();

    private Structure(BpfProgram program, Options options) {
        this.program = program;
        this.code = program.code();
        this.linux = options.policy() == Options.Policy.LINUX;
    }

    /** How the type of a program begins to say which function is called when it throws. */
    private static final String EXCEPTIONS = "exception_callback:";

    /** What is wrong, in order of slots; empty if the program may go on. */
    public static List<Violation> check(BpfProgram program, Options options) {
        Structure structure = new Structure(program, options);
        structure.check();
        return List.copyOf(structure.found);
    }

    private void report(Violation violation) {
        if (found.size() < MOST_REPORTED) {
            found.add(violation);
        }
    }

    private void check() {
        if (code.size() == 0) {
            report(Violation.of(V0136, 0, "the program has no instructions"));
            return;
        }
        if (code.size() > MOST_SLOTS) {
            report(Violation.of(V0109, 0, "the program has " + code.size() + " slots, the limit is " + MOST_SLOTS));
            return;
        }
        int functions = program.functions().size();
        int most = linux ? MOST_FUNCTIONS_LINUX : MOST_FUNCTIONS;
        if (functions > most) {
            report(Violation.of(V0109, 0, "the program has " + functions + " functions, the limit is " + most));
            return;
        }
        if (!functionsAreWhole()) {
            return;
        }
        if (program.functions().getFirst().prototype().tags().stream().anyMatch(tag -> tag.startsWith(EXCEPTIONS))) {
            report(Violation.of(V0134, 0, "the program names a function for its exceptions, which are not modelled")
                    .help("leave the annotation `exception_callback` away: the program then ends with what it throws"));
            return;
        }
        // Something else stands where these words stood: nothing that follows from it would be true.
        if (!program.faults().isEmpty()) {
            program.faults().forEach(fault -> report(fault(fault)));
            return;
        }
        for (FunctionRange function : program.functions()) {
            checkFunction(function);
        }
        // Only now are calls known to lead to functions.
        if (found.isEmpty()) {
            checkCallbacks();
            checkTables();
            program.branchSites().forEach(this::checkSite);
        }
        if (found.isEmpty() && linux) {
            checkReachability();
        }
    }

    private void checkCallbacks() {
        Exceptions exceptions = Exceptions.of(program);
        for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
            exceptions.calledBack(slot, code.at(slot)).ifPresent(this::report);
        }
    }

    private static Violation fault(Fault fault) {
        Diagnostic diagnostic = fault.diagnostic();
        Violation violation = Violation.of(diagnostic.code(), fault.slot(), diagnostic.message());
        for (String note : diagnostic.notes()) {
            violation = violation.note(note);
        }
        for (String help : diagnostic.helps()) {
            violation = violation.help(help);
        }
        return violation;
    }

    private boolean functionsAreWhole() {
        int at = 0;
        for (FunctionRange function : program.functions()) {
            if (function.start() != at || function.end() <= at || !code.begins(function.start())) {
                report(Violation.of(
                        V0136,
                        Math.min(at, code.size() - 1),
                        "function `" + function.name() + "` does not begin where the one before it ends"));
                return false;
            }
            at = function.end();
        }
        if (at != code.size()) {
            report(Violation.of(V0136, 0, "the functions end at slot " + at + ", the code at " + code.size()));
            return false;
        }
        return true;
    }

    private void checkFunction(FunctionRange function) {
        for (int slot = function.start(); slot < function.end(); slot = code.next(slot)) {
            Insn insn = code.at(slot);
            int next = code.next(slot);
            checkTarget(function, slot, insn, next);
            if (insn.fallsThrough() && next >= function.end()) {
                report(Violation.of(V0104, slot, "function `" + function.name() + "` runs off its end")
                        .help("end every path with `exit` or a jump"));
            }
            checkForm(slot, insn, next);
        }
    }

    /** Records belong to static branches and name keys; where they lead is checked with the instruction. */
    private void checkSite(BranchSite site) {
        int slot = site.slot();
        if (slot < 0 || slot >= code.size() || !code.begins(slot) || !(code.at(slot) instanceof Insn.StaticJump)) {
            report(Violation.of(V0136, 0, "slot " + slot + " has a branch record and is no static branch"));
        } else if (site.key() < 0 || site.key() >= program.keys().size()) {
            report(Violation.of(
                    V0136, slot, "the branch obeys key " + site.key() + ", which the program does not have"));
        }
    }

    private void checkTarget(FunctionRange function, int slot, Insn insn, int next) {
        Optional<Integer> distance = insn.jumpDistance();
        if (distance.isEmpty()) {
            return;
        }
        checkTarget(function, slot, (long) next + distance.get());
        if (insn instanceof Insn.StaticJump) {
            for (BranchSite site : program.branchesAt(slot)) {
                checkTarget(function, slot, site.target());
            }
        }
    }

    private void checkTarget(FunctionRange function, int slot, long target) {
        if (target < function.start() || target >= function.end()) {
            report(Violation.of(V0102, slot, "the jump goes to slot " + target + ", outside of its function")
                    .note("function `" + function.name() + "` has slots " + function.start() + " to "
                            + (function.end() - 1)));
        } else if (!code.begins((int) target)) {
            report(Violation.of(
                    V0102, slot, "the jump goes into the middle of the wide load before slot " + (target + 1)));
        }
    }

    private void checkForm(int slot, Insn insn, int next) {
        switch (insn) {
            case Insn.Alu alu -> checkAlu(slot, alu);
            case Insn.Load load -> {
                if (load.signed() && load.size() == Size.DW) {
                    report(Violation.of(V0101, slot, "a load of 8 bytes has no sign to extend"));
                }
            }
            case Insn.Wide wide -> checkWide(slot, wide, next);
            case Insn.Atomic atomic -> checkAtomic(slot, atomic);
            case Insn.CallLocal call -> {
                long target = (long) next + call.distance();
                if (!isFunction(target)) {
                    report(Violation.of(V0102, slot, "the call goes to slot " + target + ", where no function begins"));
                }
            }
            case Insn.CastSpace cast -> {
                if (program.arena().isEmpty()) {
                    report(Violation.of(V0101, slot, "a cast between address spaces, and the program uses no arena"));
                } else if (cast.spaces() != 1 && cast.spaces() != 1 << 16) {
                    report(Violation.of(V0101, slot, "there are no address spaces but 0 and the arena's, which is 1"));
                }
            }
            case Insn.CallKernel _ -> {}
            case Insn.PacketLoad _ -> {
                FunctionRange here = program.functionAt(slot);
                if (here.start() != 0 && linux && !givesNumber(here.prototype())) {
                    report(Violation.of(
                                    V0162,
                                    slot,
                                    "a function with a legacy packet load must give a number, by its types")
                            .note("where the packet is too short, such a load returns 0 from its function")
                            .help("let `" + here.name() + "` return an `int`, and compile with type information"));
                }
            }
            case Insn.JumpIndirect _ -> {
                if (ControlFlow.indirectTargets(program, program.functionAt(slot)).length == 0) {
                    report(Violation.of(V0128, slot, "the function of this `gotox` has no jump table"));
                }
            }
            case Insn.Neg _,
                    Insn.Swap _,
                    Insn.Store _,
                    Insn.Jump _,
                    Insn.JumpIf _,
                    Insn.StaticJump _,
                    Insn.MayGoto _ -> {}
            case Insn.CallHelper _, Insn.CallIndirect _, Insn.Exit _ -> {}
        }
    }

    private boolean givesNumber(Prototype prototype) {
        Btf types = program.surroundings().types();
        return prototype.known()
                && switch (types.find(types.strip(prototype.result())).orElse(null)) {
                    case BtfType.Int _, BtfType.Enumeration _ -> true;
                    case null, default -> false;
                };
    }

    private boolean isFunction(long slot) {
        return slot >= 0 && slot < code.size() && program.functionAt((int) slot).start() == slot;
    }

    private void checkAlu(int slot, Insn.Alu alu) {
        boolean immediate = alu.src() instanceof Operand.Immediate;
        if (alu.op().isSignExtension() && (immediate || (alu.op() == AluOp.MOVSX32 && alu.width() == Width.W32))) {
            report(Violation.of(V0101, slot, "no such form of a sign-extending move"));
        }
    }

    private void checkWide(int slot, Insn.Wide wide, int next) {
        switch (wide.kind()) {
            case CONSTANT -> {}
            case FUNCTION -> {
                long target = (long) slot + 1 + wide.low();
                if (!isFunction(target)) {
                    report(Violation.of(
                            V0102, slot, "the address of slot " + target + " is taken, where no function begins"));
                }
            }
            case MAP_INDEX, MAP_INDEX_VALUE -> checkMap(slot, wide);
            case MAP_FD, MAP_VALUE ->
                report(Violation.of(V0136, slot, "the load of a map is not resolved: it names a descriptor"));
            case BTF_ID -> checkSymbol(slot, wide);
        }
        if (next > code.size()) {
            report(Violation.of(V0136, slot, "the second slot of a wide load is missing"));
        }
    }

    /** Addresses are numbers to a program; a variable's bytes are typed by the kernel alone. */
    private void checkSymbol(int slot, Insn.Wide wide) {
        List<KernelSymbol> symbols = program.surroundings().symbols();
        if (wide.low() < 0 || wide.low() >= symbols.size()) {
            report(Violation.of(V0136, slot, "the address of a kernel variable is not resolved"));
            return;
        }
        KernelSymbol symbol = symbols.get(wide.low());
        switch (symbol.kind()) {
            case ADDRESS, FUNCTION -> {}
            case VARIABLE ->
                report(Violation.of(
                        V0134,
                        slot,
                        "the kernel's variable `" + symbol.name()
                                + "` needs kernel types, of which there are none here"));
        }
    }

    private void checkMap(int slot, Insn.Wide wide) {
        int index = wide.low();
        if (index < 0 || index >= program.maps().size()) {
            report(Violation.of(V0136, slot, "the program has no map " + index));
            return;
        }
        MapDefinition map = program.maps().get(index);
        MapRules.check(program, slot, map).ifPresent(this::report);
        if (wide.kind() != WideKind.MAP_INDEX_VALUE) {
            return;
        }
        boolean table = switch (map.content()) {
            case MapDefinition.Content.Targets _, MapDefinition.Content.Functions _ -> true;
            case MapDefinition.Content.Empty _, MapDefinition.Content.Data _ -> false;
        };
        long bytes = table ? 8 * map.maxEntries() : map.valueSize();
        if (map.kind() == dev.turnout.stdlib.map.MapKind.ARENA) {
            return;
        }
        boolean single = map.kind() == dev.turnout.stdlib.map.MapKind.ARRAY && map.maxEntries() == 1;
        if (!table && !single) {
            report(Violation.of(V0136, slot, "the address of a value of map `" + map.name() + "` cannot be taken")
                    .note("only an array of one element and a table of code have values with an address"));
        } else if (wide.high() < 0 || wide.high() >= bytes || (table && wide.high() % 8 != 0)) {
            report(Violation.of(
                    V0136,
                    slot,
                    "the address of byte " + wide.high() + " of map `" + map.name() + "` is taken, which has "
                            + bytes));
        }
    }

    private void checkAtomic(int slot, Insn.Atomic atomic) {
        boolean ordered = atomic.op() == AtomicOp.LOAD_ACQUIRE || atomic.op() == AtomicOp.STORE_RELEASE;
        if (!ordered && (atomic.size() == Size.B || atomic.size() == Size.H)) {
            report(Violation.of(
                    V0101,
                    slot,
                    "an atomic operation works on 4 or 8 bytes, not on "
                            + atomic.size().bytes()));
        }
    }

    private void checkTables() {
        for (MapDefinition map : program.maps()) {
            if (map.content() instanceof MapDefinition.Content.Functions table) {
                checkFunctions(map, table);
            }
            if (!(map.content() instanceof MapDefinition.Content.Targets table)) {
                continue;
            }
            if (table.targets().isEmpty() || table.targets().size() != map.maxEntries()) {
                report(Violation.of(
                        V0136,
                        0,
                        "jump table `" + map.name() + "` has " + table.targets().size() + " targets for "
                                + map.maxEntries() + " entries"));
                continue;
            }
            for (int target : table.targets()) {
                if (!code.begins(target)) {
                    report(Violation.of(
                            V0130,
                            0,
                            "jump table `" + map.name() + "` points to slot " + target
                                    + ", where no instruction begins"));
                    return;
                }
            }
            FunctionRange home = program.functionAt(
                    table.targets().stream().min(Integer::compare).orElseThrow());
            for (int target : table.targets()) {
                if (target < home.start() || target >= home.end()) {
                    report(Violation.of(
                                    V0130,
                                    target,
                                    "jump table `" + map.name() + "` points to slot " + target
                                            + ", outside of function `" + home.name() + "`")
                            .help("give each function tables of its own"));
                    break;
                }
            }
        }
    }

    private void checkFunctions(MapDefinition map, MapDefinition.Content.Functions table) {
        if (table.rows().isEmpty() || table.rows().size() != map.maxEntries()) {
            report(Violation.of(
                    V0136,
                    0,
                    "function table `" + map.name() + "` has " + table.rows().size() + " rows for " + map.maxEntries()
                            + " entries"));
            return;
        }
        for (int i = 0; i < table.rows().size(); i++) {
            int start = table.rows().get(i);
            boolean named = start == MapDefinition.Content.Functions.MISSING
                    ? table.nullable()
                    : isFunction(start) && table.candidates().contains(start);
            if (!named) {
                report(Violation.of(
                        V0137,
                        0,
                        "row " + i + " of function table `" + map.name() + "` is slot " + start
                                + ", which is none of the functions that its rows may hold"));
                return;
            }
        }
        for (int start : table.candidates()) {
            if (!isFunction(start)) {
                report(Violation.of(
                        V0137,
                        0,
                        "a row of function table `" + map.name() + "` may hold slot " + start
                                + ", where no function begins"));
                return;
            }
        }
    }

    /** As Linux: every instruction must be in a block that some path of edges and calls from main's start reaches. */
    private void checkReachability() {
        List<FunctionRange> functions = program.functions();
        BitSet reached = new BitSet();
        BitSet pending = new BitSet();
        pending.set(0);
        reached.set(0);
        BitSet slots = new BitSet(code.size());
        while (!pending.isEmpty()) {
            int f = pending.nextSetBit(0);
            pending.clear(f);
            ControlFlow flow = ControlFlow.asWritten(program, functions.get(f));
            for (int b = 0; b < flow.blocks(); b++) {
                if (!flow.isReachable(b) || flow.isHub(b)) {
                    continue;
                }
                for (int slot = flow.start(b); ; slot = code.next(slot)) {
                    slots.set(slot);
                    for (int start : calls(slot)) {
                        int callee = functions.indexOf(program.functionAt(start));
                        if (!reached.get(callee)) {
                            reached.set(callee);
                            pending.set(callee);
                        }
                    }
                    if (slot == flow.last(b)) {
                        break;
                    }
                }
            }
        }
        for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
            if (!slots.get(slot)) {
                report(Violation.of(V0103, slot, "no path reaches this instruction")
                        .help("remove it, or the condition that keeps every path away"));
                return;
            }
        }
    }

    /** Where the functions start that the instruction calls, takes the address of, or has a table of. */
    private List<Integer> calls(int slot) {
        return switch (code.at(slot)) {
            case Insn.CallLocal call -> List.of(slot + 1 + call.distance());
            case Insn.Wide wide ->
                switch (wide.kind()) {
                    case FUNCTION -> List.of(slot + 1 + wide.low());
                    case MAP_INDEX_VALUE ->
                        program.maps().get(wide.low()).content() instanceof MapDefinition.Content.Functions table
                                ? table.candidates()
                                : List.of();
                    case CONSTANT, MAP_FD, MAP_VALUE, MAP_INDEX, BTF_ID -> List.of();
                };
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Load _, Insn.Store _ -> List.of();
            case Insn.Atomic _, Insn.PacketLoad _, Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _ -> List.of();
            case Insn.MayGoto _, Insn.JumpIndirect _, Insn.CallHelper _, Insn.CallKernel _ -> List.of();
            case Insn.CallIndirect _, Insn.Exit _ -> List.of();
        };
    }
}
