package dev.turnout.tests.random;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.InsnForm;
import dev.turnout.bpf.isa.InsnForms;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Width;
import java.util.List;

/** Chooses what comes next in a function. */
final class Statements {
    /** Rows of operations on registers. */
    private static final List<InsnForm> OPERATIONS = InsnForms.all().stream()
            .filter(row -> row.prototype() instanceof Insn.Alu
                    || row.prototype() instanceof Insn.Neg
                    || row.prototype() instanceof Insn.Swap)
            .toList();

    private static final int DEEPEST = 3;

    private final FunctionDraft function;
    private final Ingredients all;
    private final MemoryStatements memory;
    private final SpillStatements spills;
    private final FlowStatements flow;
    private final CallStatements calls;

    Statements(FunctionDraft function) {
        this.function = function;
        this.all = function.all;
        this.memory = new MemoryStatements(function);
        this.spills = new SpillStatements(function);
        this.flow = new FlowStatements(function, this);
        this.calls = new CallStatements(function, memory);
    }

    /** So many statements, inside of {@code depth} others. */
    void body(int count, int depth) {
        for (int i = 0; i < count; i++) {
            statement(depth);
        }
    }

    private void statement(int depth) {
        int nested = depth < DEEPEST ? 100 : 66;
        int chosen = all.random.nextInt(nested);
        if (chosen < 28) {
            operation();
        } else if (chosen < 46) {
            if (all.has(Construct.SPILLS) && all.oneIn(3)) {
                spills.spill();
            } else {
                memory.access();
            }
        } else if (chosen < 52) {
            if (all.has(Construct.ATOMICS)) {
                memory.atomic();
            }
        } else if (chosen < 58) {
            if (all.has(Construct.MAPS) && function.mayCall()) {
                calls.map();
            }
        } else if (chosen < 64) {
            calls();
        } else if (chosen < 66) {
            flow.leave();
        } else if (chosen < 80) {
            flow.branch(depth);
        } else if (chosen < 88) {
            if (all.has(Construct.LOOPS)) {
                flow.loop(depth);
            }
        } else if (chosen < 91) {
            if (all.has(Construct.MAY_GOTO)) {
                flow.mayGoto(depth);
            }
        } else if (chosen < 96) {
            if (all.has(Construct.TABLES)) {
                flow.table(depth);
            }
        } else if (all.has(Construct.AHEAD)) {
            flow.staticBranch(depth);
        }
    }

    private void calls() {
        if (!function.mayCall()) {
            return;
        }
        if (function.number == 0 && all.isPacket() && all.has(Construct.PACKET_HELPERS) && all.oneIn(2)) {
            packet();
        } else if (all.has(Construct.CALLBACKS) && all.random.nextBoolean()) {
            calls.countedLoop();
        } else if (all.has(Construct.WORLD) && all.oneIn(3)) {
            calls.world();
        } else if (all.has(Construct.CALLS)) {
            calls.local();
        }
    }

    private void packet() {
        if (all.random.nextBoolean()) {
            calls.tailCall();
            return;
        }
        flow.sometimes(calls::movePacket);
    }

    /** One instruction of a random row. */
    private void operation() {
        InsnForm row = all.pick(OPERATIONS);
        Reg src = function.source();
        boolean reads = !(row.prototype() instanceof Insn.Alu alu) || alu.op().readsDestination();
        Reg dst = reads ? function.target() : function.destination();
        int imm = all.has(Construct.BEYOND_LINUX)
                ? row.imm().draw(all.random)
                : row.linuxImm().draw(all.random);
        if (!row.imm().allows(imm)) {
            imm = row.imm().draw(all.random);
        }
        Insn drawn = row.build(dst.number(), src.number(), row.off().draw(all.random), imm, 0);
        function.add(drawn);
        function.live = function.live.with(dst);
        // Half of all numbers would be garbage in their upper bits otherwise, and no comparison would ever be close.
        if (all.oneIn(12)) {
            function.add(new Insn.Alu(AluOp.AND, Width.W64, dst, Operand.of(all.pick(1, 3, 7, 15, 63, 255))));
        }
    }
}
