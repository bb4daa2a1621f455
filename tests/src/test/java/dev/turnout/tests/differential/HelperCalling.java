package dev.turnout.tests.differential;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ContextField;
import dev.turnout.stdlib.program.ProgramType;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A program that calls helpers one after the other and notes what each gave. Its memory is the value of {@code .bss}: results come
 * first, 8 bytes each, then what {@link #note} was told to copy of the context; from {@link #BUFFERS} on it is for arguments.
 */
final class HelperCalling {
    /** Where the bytes for arguments begin in the program's memory. */
    static final int BUFFERS = 1024;

    private static final int MEMORY = 0;
    private static final int TEXTS = 1;
    private static final int ROOM = 4096;

    private final ProgramType type;
    private final List<Insn> insns = new ArrayList<>();
    private final ByteArrayOutputStream texts = new ByteArrayOutputStream();
    private final byte[] memory = new byte[ROOM];
    private final List<String> story = new ArrayList<>();
    private int noted;

    HelperCalling(ProgramType type) {
        this.type = type;
        insns.add(new Insn.Alu(AluOp.MOV, Width.W64, Reg.R6, Operand.of(Reg.R1)));
    }

    /** What a helper is called with. */
    sealed interface Argument {
        record Context() implements Argument {}

        record Number(long value) implements Argument {}

        /** Address of a byte of the memory. */
        record Memory(int offset) implements Argument {}

        /** Address of constant bytes; a zero byte is put behind them. */
        record Text(ByteString bytes) implements Argument {}
    }

    /** What the memory holds before the run. */
    HelperCalling holds(int offset, byte[] bytes) {
        System.arraycopy(bytes, 0, memory, offset, bytes.length);
        return this;
    }

    HelperCalling call(HelperFunction helper, Argument... arguments) {
        story.add(noted + ": " + helper.word() + Arrays.toString(arguments));
        for (int i = 0; i < arguments.length; i++) {
            Reg reg = Reg.of(i + 1);
            insns.add(
                    switch (arguments[i]) {
                        case Argument.Context _ -> new Insn.Alu(AluOp.MOV, Width.W64, reg, Operand.of(Reg.R6));
                        case Argument.Number(long value) ->
                            new Insn.Wide(reg, WideKind.CONSTANT, (int) value, (int) (value >> 32));
                        case Argument.Memory(int offset) ->
                            new Insn.Wide(reg, WideKind.MAP_INDEX_VALUE, MEMORY, offset);
                        case Argument.Text(ByteString bytes) -> {
                            int at = texts.size();
                            texts.writeBytes(bytes.toArray());
                            texts.write(0);
                            yield new Insn.Wide(reg, WideKind.MAP_INDEX_VALUE, TEXTS, at);
                        }
                    });
        }
        insns.add(new Insn.CallHelper(helper.id()));
        note(Reg.R0);
        return this;
    }

    /** Notes a number of the context. */
    HelperCalling note(ContextField field) {
        story.add(noted + ": " + field.name());
        insns.add(new Insn.Load(
                switch (field.bytes()) {
                    case 1 -> Size.B;
                    case 2 -> Size.H;
                    case 8 -> Size.DW;
                    default -> Size.W; // As nearly all are.
                },
                false,
                Reg.R2,
                Reg.R6,
                field.offset()));
        note(Reg.R2);
        return this;
    }

    private void note(Reg reg) {
        insns.add(new Insn.Wide(Reg.R1, WideKind.MAP_INDEX_VALUE, MEMORY, noted));
        insns.add(new Insn.Store(Size.DW, Reg.R1, 0, Operand.of(reg)));
        noted += 8;
    }

    /** Its calls, with where in the memory their results are. */
    @Override
    public String toString() {
        return String.join("\n", story);
    }

    /** A trial of it that the kernel takes part in. */
    Trial on(List<ByteString> packets) {
        List<Insn> all = new ArrayList<>(insns);
        all.add(new Insn.Alu(AluOp.MOV, Width.W64, Reg.R0, Operand.of(type == ProgramType.SCHED_CLS ? 0 : 1)));
        all.add(new Insn.Exit());
        Code code = Code.of(all);
        texts.write(0);
        DebugType none = new DebugType.Void();
        List<MapDefinition> maps = List.of(
                new MapDefinition(
                        ".bss",
                        MapKind.ARRAY,
                        4,
                        ROOM,
                        1,
                        0,
                        none,
                        none,
                        new MapDefinition.Content.Data(ByteString.copyOf(memory), false)),
                new MapDefinition(
                        ".rodata",
                        MapKind.ARRAY,
                        4,
                        texts.size(),
                        1,
                        MapFlag.RDONLY_PROG.bit(),
                        none,
                        none,
                        new MapDefinition.Content.Data(ByteString.copyOf(texts.toByteArray()), true)));
        BpfProgram program = new BpfProgram(
                "calling",
                type.word(),
                new BpfProgram.Entry.Context(type),
                "GPL",
                code,
                List.of(new BpfProgram.FunctionRange("calling", 0, code.size(), true)),
                maps,
                List.of(),
                List.of(),
                List.of());
        return new Trial(0, Trial.Kind.WHOLE, program, List.of(), packets, List.of());
    }
}
