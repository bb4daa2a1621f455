package dev.turnout.tests.random;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Calls of the program's own functions and of helpers. */
final class CallStatements {
    private static final List<HelperFunction> WORLD = List.of(
            HelperFunction.GET_PRANDOM_U32,
            HelperFunction.GET_SMP_PROCESSOR_ID,
            HelperFunction.KTIME_GET_NS,
            HelperFunction.GET_CURRENT_PID_TGID);

    private static final List<HelperFunction> MOVERS =
            List.of(HelperFunction.XDP_ADJUST_HEAD, HelperFunction.XDP_ADJUST_META, HelperFunction.XDP_ADJUST_TAIL);

    private static final int PACKET_END =
            ProgramType.XDP.context().field("data_end").orElseThrow().offset();

    private final FunctionDraft function;
    private final Ingredients all;
    private final MemoryStatements memory;

    CallStatements(FunctionDraft function, MemoryStatements memory) {
        this.function = function;
        this.all = function.all;
        this.memory = memory;
    }

    /** A call of a function, by its place, by its address, or by the address in a row of a table. */
    void local() {
        Optional<Signature> callee = function.program.callee(function.number, false, function.bytes > 0);
        if (callee.isEmpty()) {
            return;
        }
        Signature signature = callee.get();
        Reg target = all.has(Construct.AHEAD) && all.random.nextBoolean() ? function.stable() : Reg.R10;
        boolean indirect = target != Reg.R10 && target != function.scratch;
        if (!indirect) {
            arguments(signature);
            function.code.add(new Insn.CallLocal(0), signature.label());
            function.called();
        } else if (all.random.nextBoolean()) {
            function.code.add(new Insn.Wide(target, WideKind.FUNCTION, 0, 0), signature.label());
            function.live = function.live.without(target);
            call(target, signature);
        } else {
            throughTable(target, signature);
        }
    }

    private void call(Reg target, Signature signature) {
        if (function.stack >= 8 && all.oneIn(3)) {
            // An address survives in memory if that is the stack.
            int at = -function.stack;
            function.add(new Insn.Store(Size.DW, Reg.R10, at, Operand.of(target)));
            function.add(new Insn.Load(Size.DW, false, target, Reg.R10, at));
            function.add(new Insn.Store(Size.DW, Reg.R10, at, Operand.of(all.constant())));
        }
        arguments(signature);
        function.add(new Insn.CallIndirect(target));
        function.called();
    }

    /** The row at an index that a mask bounds, which may be missing. All rows are called as {@code signature}. */
    private void throughTable(Reg target, Signature signature) {
        List<Signature> alike = function.program.alike(function.number, signature);
        boolean nullable = all.oneIn(3);
        List<Integer> rows = new ArrayList<>(List.of(signature.label()));
        for (int size = all.pick(1, 2, 4, 8); rows.size() < size; ) {
            rows.add(
                    nullable && all.oneIn(4)
                            ? ProgramDraft.MISSING
                            : all.pick(alike).label());
        }
        int table = function.program.functionTable(rows, all.oneIn(3));
        function.move(target, function.source());
        function.alu(AluOp.AND, target, rows.size() - 1);
        function.alu(AluOp.LSH, target, 3);
        function.add(new Insn.Wide(function.address, WideKind.MAP_INDEX_VALUE, table, 0));
        function.alu(AluOp.ADD, target, function.address);
        function.add(new Insn.Load(Size.DW, false, target, target, 0));
        function.live = function.live.without(target);
        int missing = function.code.label();
        RegisterSet before = function.live;
        if (rows.contains(ProgramDraft.MISSING)) {
            function.jump(JumpOp.JEQ, target, 0, missing);
        }
        call(target, signature);
        if (rows.contains(ProgramDraft.MISSING)) {
            function.live = function.live.and(before);
        }
        function.code.place(missing);
    }

    private void arguments(Signature signature) {
        int first = signature.memory() ? 2 : 1;
        for (int i = 0; i < signature.numbers(); i++) {
            argument(Reg.of(first + i));
        }
        if (signature.memory()) {
            function.move(Reg.R1, function.memory);
        }
    }

    private void argument(Reg argument) {
        List<Reg> from = function.live.minus(RegisterSet.LOST_BY_CALLS).list();
        if (from.isEmpty() || all.oneIn(3)) {
            function.alu(AluOp.MOV, argument, all.constant());
        } else {
            function.move(argument, all.pick(from));
        }
    }

    /** {@code bpf_loop} over a function, for a few rounds. */
    void countedLoop() {
        Optional<Signature> callback = function.program.callee(function.number, true, false);
        if (callback.isEmpty()) {
            return;
        }
        function.alu(AluOp.MOV, Reg.R1, all.random.nextInt(6));
        function.code.add(
                new Insn.Wide(Reg.R2, WideKind.FUNCTION, 0, 0), callback.get().label());
        if (function.stack > 0 && all.random.nextBoolean()) {
            function.move(Reg.R3, Reg.R10);
            function.alu(AluOp.ADD, Reg.R3, -function.stack);
        } else {
            function.alu(AluOp.MOV, Reg.R3, 0);
        }
        function.alu(AluOp.MOV, Reg.R4, 0);
        function.add(new Insn.CallHelper(HelperFunction.LOOP.id()));
        function.called();
    }

    /** What the world says: the kernel's is another one. */
    void world() {
        function.add(new Insn.CallHelper(all.pick(WORLD).id()));
        function.called();
    }

    /** Another program in the place of this one, if there is one at an index. */
    void tailCall() {
        Reg index = Reg.R3;
        function.move(index, function.source());
        function.alu(AluOp.AND, index, 3);
        context();
        function.add(new Insn.Wide(Reg.R2, WideKind.MAP_INDEX, all.maps.indexOf(programs()), 0));
        function.add(new Insn.CallHelper(HelperFunction.TAIL_CALL.id()));
        function.called();
    }

    private MapDefinition programs() {
        return all.maps.stream()
                .filter(map -> map.kind() == MapKind.PROG_ARRAY)
                .findFirst()
                .orElseThrow();
    }

    private void context() {
        function.add(new Insn.Load(Size.DW, false, Reg.R1, Reg.R10, function.context()));
    }

    /** Moves an end of the packet, and says how long it is then: nothing that was known of it holds any more, so this is the end. */
    void movePacket() {
        function.alu(AluOp.MOV, Reg.R2, all.random.nextInt(-40, 41) & all.pick(-4, -1));
        context();
        function.add(new Insn.CallHelper(all.pick(MOVERS).id()));
        function.move(Reg.R3, Reg.R0);
        context();
        function.add(new Insn.Load(Size.W, false, Reg.R2, Reg.R1, 0));
        function.add(new Insn.Load(Size.W, false, Reg.R0, Reg.R1, PACKET_END));
        function.alu(AluOp.SUB, Reg.R0, Reg.R2);
        function.alu(AluOp.XOR, Reg.R0, Reg.R3);
        function.add(new Insn.Exit());
    }

    /** A helper on a map whose key is on the stack. */
    void map() {
        List<MapDefinition> tables = all.maps.stream()
                .filter(map -> map.kind() != MapKind.INSN_ARRAY
                        && map.kind() != MapKind.PROG_ARRAY
                        && map.content() instanceof MapDefinition.Content.Empty)
                .toList();
        if (tables.isEmpty() || function.kept.has(Reg.R0)) {
            return;
        }
        MapDefinition map = all.pick(tables);
        int needed = (map.keySize() + 7) / 8 * 8;
        if (function.stack < needed) {
            return;
        }
        key(map);
        switch (all.random.nextInt(map.kind().keys() == MapKind.Keys.INDEX ? 3 : 5)) {
            case 0, 1 -> lookUp(map);
            case 2, 3 -> update(map);
            default -> call(HelperFunction.MAP_DELETE_ELEM, map);
        }
    }

    /** A small number as the key, so that some are there. */
    private void key(MapDefinition map) {
        int at = -function.stack;
        if (all.random.nextBoolean()) {
            function.move(function.scratch, function.source());
            function.alu(AluOp.AND, function.scratch, all.pick(1, 3, 7));
            function.add(
                    new Insn.Store(map.keySize() == 8 ? Size.DW : Size.W, Reg.R10, at, Operand.of(function.scratch)));
        } else {
            function.add(new Insn.Store(
                    map.keySize() == 8 ? Size.DW : Size.W, Reg.R10, at, Operand.of(all.random.nextInt(4))));
        }
    }

    private void call(HelperFunction helper, MapDefinition map) {
        function.add(new Insn.Wide(Reg.R1, WideKind.MAP_INDEX, all.maps.indexOf(map), 0));
        function.move(Reg.R2, Reg.R10);
        function.alu(AluOp.ADD, Reg.R2, -function.stack);
        function.add(new Insn.CallHelper(helper.id()));
        function.called();
    }

    private void update(MapDefinition map) {
        if (function.stack < map.valueSize()) {
            return;
        }
        function.move(Reg.R3, Reg.R10);
        int room = (function.stack - map.valueSize()) / 8;
        function.alu(AluOp.ADD, Reg.R3, -function.stack + 8 * all.random.nextInt(room + 1));
        function.alu(AluOp.MOV, Reg.R4, all.pick(0, 0, 0, 1, 2));
        call(HelperFunction.MAP_UPDATE_ELEM, map);
    }

    /** Looks a key up and uses the value, if there is one. */
    private void lookUp(MapDefinition map) {
        call(HelperFunction.MAP_LOOKUP_ELEM, map);
        function.live = function.live.without(Reg.R0);
        int absent = function.code.label();
        RegisterSet before = function.live;
        RegisterSet kept = function.kept;
        function.kept = kept.with(Reg.R0);
        function.jump(JumpOp.JEQ, Reg.R0, 0, absent);
        for (int i = all.random.nextInt(1, 4); i > 0; i--) {
            memory.accessValue(Reg.R0, map.valueSize());
        }
        function.kept = kept;
        function.code.place(absent);
        function.live = function.live.and(before).without(Reg.R0);
        function.number(Reg.R0);
    }
}
