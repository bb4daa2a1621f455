package dev.turnout.linux.exec;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.Entry;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import java.util.ArrayList;
import java.util.List;

/**
 * Code for raw memory as an XDP program that ignores its packet. Before:
 *
 * <pre>{@code
 * main:  r0 = *(u8 *)(r1 + 0)
 *        call f
 *        exit
 * f:     ...
 * }</pre>
 *
 * After, with {@code memory} and {@code result} the values of two array maps:
 *
 * <pre>{@code
 * main:  r1 = memory
 *        r2 = 14
 *        r0 = *(u8 *)(r1 + 0)
 *        call f
 *        goto end
 * end:   r1 = result
 *        *(u64 *)(r1 + 0) = r0
 *        r0 = 0
 *        exit
 * f:     ...
 * }</pre>
 *
 * <p>Instructions keep their number of slots, so jumps inside a function stay as they are; only what crosses the end of the main
 * function (calls, addresses of functions, jump tables) is moved.
 */
public final class WrappedCode {
    static final String MEMORY = ".exec.memory";
    static final String RESULT = ".exec.result";

    private static final int RESULT_BYTES = 8;

    private final BpfProgram program;
    private final List<Insn> front;
    private final List<Insn> behind;
    private final int mainEnd;

    private WrappedCode(BpfProgram program, long bytes) {
        this.program = program;
        this.mainEnd = program.functions().getFirst().end();
        int memory = program.maps().size();
        int result = bytes == 0 ? memory : memory + 1;
        Insn length = move(Reg.R2, (int) bytes);
        this.front = bytes == 0
                ? List.of(move(Reg.R1, 0), length)
                : List.of(new Insn.Wide(Reg.R1, WideKind.MAP_INDEX_VALUE, memory, 0), length);
        this.behind = List.of(
                new Insn.Wide(Reg.R1, WideKind.MAP_INDEX_VALUE, result, 0),
                new Insn.Store(Size.DW, Reg.R1, 0, Operand.of(Reg.R0)),
                move(Reg.R0, 0),
                new Insn.Exit());
    }

    /**
     * The XDP program.
     *
     * @param program of {@link Entry.Memory}; any calls and addresses of functions go where functions begin
     */
    public static BpfProgram of(BpfProgram program) {
        return switch (program.entry()) {
            case Entry.Memory(long bytes) -> new WrappedCode(program, bytes).wrapped(bytes);
            case Entry.Context _ -> throw new IllegalArgumentException(program.name() + " is called with a context");
        };
    }

    private static Insn move(Reg dst, int value) {
        return new Insn.Alu(AluOp.MOV, Width.W64, dst, Operand.of(value));
    }

    private static int slots(List<Insn> insns) {
        return insns.stream().mapToInt(Insn::slots).sum();
    }

    /** Where a slot of the code stands now. */
    private int moved(int slot) {
        return slot + slots(front) + (slot < mainEnd ? 0 : slots(behind));
    }

    private BpfProgram wrapped(long bytes) {
        List<Insn> insns = new ArrayList<>(front);
        Code code = program.code();
        for (int slot = 0; slot < mainEnd; slot = code.next(slot)) {
            insns.add(code.at(slot) instanceof Insn.Exit ? toEnd(slot) : rebased(slot, code.at(slot)));
        }
        insns.addAll(behind);
        for (int slot = mainEnd; slot < code.size(); slot = code.next(slot)) {
            insns.add(rebased(slot, code.at(slot)));
        }
        List<MapDefinition> maps = new ArrayList<>();
        program.maps().forEach(map -> maps.add(rebased(map)));
        if (bytes > 0) {
            maps.add(value(MEMORY, Math.toIntExact(bytes)));
        }
        maps.add(value(RESULT, RESULT_BYTES));
        return new BpfProgram(
                program.name(),
                ProgramType.XDP.word(),
                new Entry.Context(ProgramType.XDP),
                // Raw code states no licence, and what it may call is for our rules to say.
                program.license().isEmpty() ? "GPL" : program.license(),
                Code.of(insns),
                program.functions().stream().map(this::rebased).toList(),
                maps,
                program.keys(),
                program.branchSites().stream().map(this::rebased).toList(),
                program.lines().stream().map(this::rebased).toList());
    }

    private Insn toEnd(int slot) {
        int distance = mainEnd - slot - 1;
        return new Insn.Jump(distance > Short.MAX_VALUE, distance);
    }

    private Insn rebased(int slot, Insn insn) {
        return switch (insn) {
            case Insn.CallLocal call -> new Insn.CallLocal(distance(slot, call.distance()));
            case Insn.Wide wide
            when wide.kind() == WideKind.FUNCTION ->
                new Insn.Wide(wide.dst(), WideKind.FUNCTION, distance(slot, wide.low()), 0);
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.Wide _ -> insn;
            case Insn.Load _, Insn.Store _, Insn.Atomic _, Insn.PacketLoad _ -> insn;
            case Insn.Jump _, Insn.JumpIf _, Insn.StaticJump _, Insn.MayGoto _, Insn.JumpIndirect _ -> insn;
            case Insn.CallHelper _, Insn.CallKernel _, Insn.CallIndirect _, Insn.Exit _ -> insn;
        };
    }

    private int distance(int slot, int before) {
        return moved(slot + 1 + before) - moved(slot) - 1;
    }

    private FunctionRange rebased(FunctionRange function) {
        int start = function.start() == 0 ? 0 : moved(function.start());
        int end = function.end() + slots(front) + slots(behind);
        return new FunctionRange(function.name(), start, end, function.global());
    }

    private BranchSite rebased(BranchSite site) {
        return new BranchSite(moved(site.slot()), moved(site.target()), site.key(), site.value(), site.inverse());
    }

    private LineInfo rebased(LineInfo line) {
        // The first line covers what stands in front of it, for the kernel takes none that leaves slots out.
        int slot = line.slot() == 0 ? 0 : moved(line.slot());
        return new LineInfo(slot, line.file(), line.line(), line.column(), line.text());
    }

    private MapDefinition rebased(MapDefinition map) {
        return switch (map.content()) {
            case MapDefinition.Content.Targets(List<Integer> targets) ->
                map.withContent(new MapDefinition.Content.Targets(
                        targets.stream().map(this::moved).toList()));
            case MapDefinition.Content.Functions functions -> map.withContent(functions.moved(this::moved));
            case MapDefinition.Content.Empty _, MapDefinition.Content.Data _ -> map;
        };
    }

    private static MapDefinition value(String name, int bytes) {
        DebugType none = new DebugType.Void();
        return new MapDefinition(name, MapKind.ARRAY, 4, bytes, 1, 0, none, none, new MapDefinition.Content.Empty());
    }
}
