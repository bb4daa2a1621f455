package dev.turnout.tests.hostile;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Programs of a size, over 256 bytes of memory, that bring out what an analysis does badly: what it does for each path, for each
 * loop of a nest, for each call, or by recursion.
 */
enum Shape {
    /** So many operations, one behind the other. */
    STRAIGHT {
        @Override
        void write(Draft code, int size) {
            code.move(Reg.R0, 0);
            for (int i = 0; i < size; i++) {
                code.alu(AluOp.ADD, Reg.R0, 1);
            }
            code.exit();
        }
    },
    /** So many branches on bytes of the memory, behind which nothing is known of a sum. */
    BRANCHES {
        @Override
        void write(Draft code, int size) {
            code.move(Reg.R0, 0);
            for (int i = 0; i < size; i++) {
                code.load(Reg.R3, Reg.R1, i % 256);
                code.skip(JumpOp.JEQ, Reg.R3, i & 255, 1);
                code.alu(AluOp.ADD, Reg.R0, i);
            }
            code.exit();
        }
    },
    /** So many branches, each of which writes another number into a cell of the stack; at the end an access that needs all of them. */
    DIAMONDS {
        @Override
        void write(Draft code, int size) {
            code.move(Reg.R6, 0);
            for (int i = 0; i < size; i++) {
                code.load(Reg.R3, Reg.R1, i % 256);
                code.skip(JumpOp.JSGT, Reg.R3, 7, 1);
                code.alu(AluOp.XOR, Reg.R6, 1 << (i % 30));
                code.store(-8 * (1 + i % 64), Reg.R6);
            }
            code.alu(AluOp.ADD, Reg.R1, Reg.R6);
            code.load(Reg.R0, Reg.R1, 0);
            code.exit();
        }
    },
    /** Loops in loops, so many, of a hundred rounds each. */
    NEST {
        @Override
        void write(Draft code, int size) {
            code.move(Reg.R0, 0);
            nest(code, size, 100);
            code.exit();
        }
    },
    /** Two loops of so many rounds, one in the other, that run while a pointer is not at a limit. */
    SQUARE {
        @Override
        void write(Draft code, int size) {
            code.move(Reg.R0, 0);
            nest(code, 2, size);
            code.exit();
        }
    },
    /** So many loops one behind the other. */
    LOOPS {
        @Override
        void write(Draft code, int size) {
            code.move(Reg.R0, 0);
            for (int i = 0; i < size; i++) {
                nest(code, 1, 10);
            }
            code.exit();
        }
    },
    /** So many blocks, each of which may go on to the next or back to the one before. */
    LADDER {
        @Override
        void write(Draft code, int size) {
            code.move(Reg.R0, 0);
            for (int i = 0; i < size; i++) {
                code.load(Reg.R3, Reg.R1, i % 256);
                code.skip(JumpOp.JEQ, Reg.R3, i & 255, i == 0 ? 0 : -3);
            }
            code.exit();
        }
    },
    /** So many loops into the middle of which others jump. */
    TANGLE {
        @Override
        void write(Draft code, int size) {
            code.move(Reg.R0, 0);
            int begin = code.slot();
            for (int i = 0; i < size; i++) {
                code.load(Reg.R3, Reg.R1, i % 256);
                int at = code.slot();
                int target = begin + 2 * (int) (i * 2654435761L % size);
                code.skip(JumpOp.JEQ, Reg.R3, i & 255, target - at - 1);
            }
            code.exit();
        }
    },
    /** Eight functions, each of which calls the next one so often: as many ways as there are calls to the power of eight. */
    CALLS {
        @Override
        void write(Draft code, int size) {
            int functions = 8;
            for (int f = 0; f < functions; f++) {
                code.function();
                if (f + 1 < functions) {
                    for (int i = 0; i < size; i++) {
                        int left = size - i - 1;
                        code.move(Reg.R1, i);
                        code.add(new Insn.CallLocal(2 * left + 2));
                    }
                }
                code.move(Reg.R0, f);
                code.exit();
            }
        }
    },
    /** A switch of so many arms, by a jump table, in a loop of 256 rounds. */
    DISPATCH {
        @Override
        void write(Draft code, int size) {
            int arms = Integer.highestOneBit(size);
            code.move(Reg.R0, 0);
            code.move(Reg.R6, 0);
            int head = code.slot();
            code.alu(AluOp.MOV, Reg.R3, Reg.R1);
            code.alu(AluOp.ADD, Reg.R3, Reg.R6);
            code.load(Reg.R3, Reg.R3, 0);
            code.alu(AluOp.AND, Reg.R3, arms - 1);
            int first = code.slot() + 6;
            code.gotoTable(Reg.R3, first, arms, 2);
            for (int i = 0; i < arms; i++) {
                code.alu(AluOp.ADD, Reg.R0, i);
                code.jump(2 * (arms - i - 1));
            }
            code.alu(AluOp.ADD, Reg.R6, 1);
            code.skip(JumpOp.JNE, Reg.R6, 256, head - code.slot() - 1);
            code.exit();
        }
    },
    /** So many switches of sixteen arms, one behind the other; each arm sets the same register to a number of its own. */
    SWITCHES {
        @Override
        void write(Draft code, int size) {
            int arms = 16;
            code.move(Reg.R0, 0);
            for (int s = 0; s < size; s++) {
                code.load(Reg.R3, Reg.R1, s % 256);
                code.alu(AluOp.AND, Reg.R3, arms - 1);
                int first = code.slot() + 6;
                code.gotoTable(Reg.R3, first, arms, 2);
                for (int i = 0; i < arms; i++) {
                    code.move(Reg.R4, i);
                    code.jump(2 * (arms - i - 1));
                }
                code.alu(AluOp.ADD, Reg.R4, Reg.R1);
                code.load(Reg.R5, Reg.R4, 0);
                code.alu(AluOp.ADD, Reg.R0, Reg.R5);
            }
            code.exit();
        }
    };

    private static final int MEMORY = 256;

    abstract void write(Draft code, int size);

    private static void nest(Draft code, int depth, int rounds) {
        if (depth == 0) {
            code.alu(AluOp.ADD, Reg.R0, 1);
            return;
        }
        // Counters live on the stack: there are more loops than registers.
        int cell = -8 * depth;
        code.move(Reg.R4, 0);
        code.store(cell, Reg.R4);
        int head = code.slot();
        nest(code, depth - 1, rounds);
        code.add(new Insn.Load(Size.DW, false, Reg.R4, Reg.R10, cell));
        code.alu(AluOp.ADD, Reg.R4, 1);
        code.store(cell, Reg.R4);
        code.skip(JumpOp.JNE, Reg.R4, rounds, head - code.slot() - 1);
    }

    BpfProgram program(int size) {
        Draft draft = new Draft();
        write(draft, size);
        return draft.program(name());
    }

    /** Code that is being written. */
    static final class Draft {
        private final List<Insn> insns = new ArrayList<>();
        private final List<Integer> starts = new ArrayList<>();
        private final List<MapDefinition> maps = new ArrayList<>();
        private int slot;

        int slot() {
            return slot;
        }

        void add(Insn insn) {
            insns.add(insn);
            slot += insn.slots();
        }

        void function() {
            starts.add(slot);
        }

        void alu(AluOp op, Reg dst, int value) {
            add(new Insn.Alu(op, Width.W64, dst, Operand.of(value)));
        }

        void alu(AluOp op, Reg dst, Reg src) {
            add(new Insn.Alu(op, Width.W64, dst, Operand.of(src)));
        }

        void move(Reg dst, int value) {
            alu(AluOp.MOV, dst, value);
        }

        void load(Reg dst, Reg base, int at) {
            add(new Insn.Load(Size.B, false, dst, base, at));
        }

        void store(int at, Reg src) {
            add(new Insn.Store(Size.DW, Reg.R10, at, Operand.of(src)));
        }

        void skip(JumpOp op, Reg reg, int value, int distance) {
            add(new Insn.JumpIf(op, Width.W64, reg, Operand.of(value), distance));
        }

        void jump(int distance) {
            add(new Insn.Jump(true, distance));
        }

        void exit() {
            add(new Insn.Exit());
        }

        /** Six slots: goes to the arm at an index, the first at {@code first} and each {@code stride} slots long. */
        void gotoTable(Reg index, int first, int arms, int stride) {
            List<Integer> targets = new ArrayList<>();
            for (int i = 0; i < arms; i++) {
                targets.add(first + i * stride);
            }
            alu(AluOp.LSH, index, 3);
            add(new Insn.Wide(Reg.R5, WideKind.MAP_INDEX_VALUE, maps.size(), 0));
            alu(AluOp.ADD, index, Reg.R5);
            add(new Insn.Load(Size.DW, false, index, index, 0));
            add(new Insn.JumpIndirect(index));
            maps.add(new MapDefinition(
                    "table" + maps.size(),
                    MapKind.INSN_ARRAY,
                    4,
                    16,
                    arms,
                    0,
                    new DebugType.Void(),
                    new DebugType.Void(),
                    new MapDefinition.Content.Targets(targets)));
        }

        private BpfProgram program(String name) {
            List<FunctionRange> functions = new ArrayList<>();
            List<Integer> all = starts.isEmpty() ? List.of(0) : starts;
            for (int i = 0; i < all.size(); i++) {
                functions.add(
                        new FunctionRange("f" + i, all.get(i), i + 1 < all.size() ? all.get(i + 1) : slot, false));
            }
            return new BpfProgram(
                    name,
                    ".text",
                    new BpfProgram.Entry.Memory(MEMORY),
                    "GPL",
                    Code.of(insns),
                    functions,
                    maps,
                    List.of(),
                    List.of(),
                    List.of());
        }
    }
}
