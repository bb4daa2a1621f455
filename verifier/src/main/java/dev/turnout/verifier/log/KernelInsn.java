package dev.turnout.verifier.log;

import dev.turnout.bpf.asm.Encoder;
import dev.turnout.bpf.asm.InsnPrinter;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.HexFormat;
import java.util.List;

/** An instruction as Linux's log has it: the opcode in front, {@code goto pc+3}, {@code call bpf_map_lookup_elem#1}. */
final class KernelInsn {
    private KernelInsn() {}

    static String of(BpfProgram program, int slot) {
        Insn insn = program.code().at(slot);
        byte opcode = Encoder.encode(Code.of(List.of(insn))).toArray()[0];
        return "(" + HexFormat.of().toHexDigits(opcode) + ") " + text(program, insn);
    }

    private static String text(BpfProgram program, Insn insn) {
        return switch (insn) {
            case Insn.Load load ->
                load.dst() + " = *(" + (load.signed() ? "s" : "u") + load.size().bits() + " *)"
                        + address(load.base(), load.offset());
            case Insn.Store store ->
                "*(u" + store.size().bits() + " *)" + address(store.base(), store.offset()) + " = "
                        + operand(store.value());
            case Insn.JumpIf jump ->
                "if " + jump.dst().toString(jump.width()) + " " + jump.op().symbol() + " "
                        + (jump.src() instanceof Operand.Register register
                                ? register.reg().toString(jump.width())
                                : operand(jump.src()))
                        + " goto pc" + signed(jump.distance());
            case Insn.Jump jump -> (jump.far() ? "gotol pc" : "goto pc") + signed(jump.distance());
            case Insn.MayGoto jump -> "may_goto pc" + signed(jump.distance());
            case Insn.CallHelper call ->
                "call "
                        + HelperFunction.ofId(call.id())
                                .map(h -> "bpf_" + h.word())
                                .orElse("unknown") + "#" + call.id();
            case Insn.CallLocal call -> "call pc" + signed(call.distance());
            case Insn.CallKernel call -> {
                var symbols = program.surroundings().symbols();
                yield "call "
                        + (call.btfId() >= 0 && call.btfId() < symbols.size()
                                ? symbols.get(call.btfId()).name()
                                : "kernel-function")
                        + "#" + call.btfId();
            }
            case Insn.Wide wide ->
                wide.dst() + " = "
                        + switch (wide.kind()) {
                            case CONSTANT, BTF_ID -> "0x" + Long.toHexString(wide.value());
                            case FUNCTION -> "func";
                            case MAP_INDEX, MAP_FD -> "map[" + name(program, wide.low()) + "]";
                            case MAP_INDEX_VALUE, MAP_VALUE ->
                                "map[" + name(program, wide.low()) + "][0]+" + Integer.toUnsignedString(wide.high());
                        };
            case Insn.Alu _, Insn.Neg _, Insn.Swap _, Insn.CastSpace _, Insn.PacketLoad _ -> InsnPrinter.print(insn);
            case Insn.Atomic _ -> InsnPrinter.print(insn);
            case Insn.StaticJump _, Insn.JumpIndirect _, Insn.CallIndirect _, Insn.Exit _ -> InsnPrinter.print(insn);
        };
    }

    private static String name(BpfProgram program, int map) {
        return map >= 0 && map < program.maps().size() ? program.maps().get(map).name() : Integer.toString(map);
    }

    private static String address(Reg base, int offset) {
        return "(" + base + " " + signed(offset) + ")";
    }

    private static String operand(Operand operand) {
        return operand instanceof Operand.Immediate immediate ? number(immediate.value()) : operand.toString();
    }

    /** Linux writes large constants in hexadecimal digits. */
    static String number(long value) {
        return value > -0x10000 && value < 0x10000 ? Long.toString(value) : "0x" + Long.toHexString(value);
    }

    private static String signed(int value) {
        return value < 0 ? Integer.toString(value) : "+" + value;
    }
}
