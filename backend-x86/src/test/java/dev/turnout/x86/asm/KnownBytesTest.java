package dev.turnout.x86.asm;

import static dev.turnout.x86.isa.Gpr.R12;
import static dev.turnout.x86.isa.Gpr.R13;
import static dev.turnout.x86.isa.Gpr.R8;
import static dev.turnout.x86.isa.Gpr.R9;
import static dev.turnout.x86.isa.Gpr.RAX;
import static dev.turnout.x86.isa.Gpr.RBP;
import static dev.turnout.x86.isa.Gpr.RBX;
import static dev.turnout.x86.isa.Gpr.RCX;
import static dev.turnout.x86.isa.Gpr.RDI;
import static dev.turnout.x86.isa.Gpr.RDX;
import static dev.turnout.x86.isa.Gpr.RSI;
import static dev.turnout.x86.isa.Gpr.RSP;
import static dev.turnout.x86.isa.OperandSize.BYTE;
import static dev.turnout.x86.isa.OperandSize.DWORD;
import static dev.turnout.x86.isa.OperandSize.QWORD;
import static dev.turnout.x86.isa.OperandSize.WORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.x86.isa.Arith;
import dev.turnout.x86.isa.Bare;
import dev.turnout.x86.isa.BitCount;
import dev.turnout.x86.isa.BitTest;
import dev.turnout.x86.isa.Condition;
import dev.turnout.x86.isa.Exchange;
import dev.turnout.x86.isa.Gpr;
import dev.turnout.x86.isa.Shift;
import dev.turnout.x86.isa.Unary;
import dev.turnout.x86.isa.VexOp;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Encodings that one knows by heart, or finds in any compiler's output; they need no disassembler at hand. */
class KnownBytesTest {
    private static void emits(String bytes, Consumer<Assembler> instruction) {
        Assembler asm = Assembler.listing();
        instruction.accept(asm);
        AssembledCode code = asm.finish();
        assertThat(HexFormat.of().formatHex(code.bytes()))
                .as(code.listing().toString())
                .isEqualTo(bytes.replace(" ", ""));
    }

    @Test
    void moves() {
        emits("48 89 e5", asm -> asm.mov(QWORD, RBP, RSP));
        emits("89 ff", asm -> asm.mov(DWORD, RDI, RDI));
        emits("40 88 f7", asm -> asm.mov(BYTE, RDI, RSI));
        emits("8b 47 04", asm -> asm.load(DWORD, RAX, Mem.of(RDI, 4)));
        emits("48 8b 04 24", asm -> asm.load(QWORD, RAX, Mem.of(RSP)));
        emits("49 8b 04 24", asm -> asm.load(QWORD, RAX, Mem.of(R12)));
        emits("48 8b 45 00", asm -> asm.load(QWORD, RAX, Mem.of(RBP)));
        emits("49 8b 45 00", asm -> asm.load(QWORD, RAX, Mem.of(R13)));
        emits("48 8b 85 00 fe ff ff", asm -> asm.load(QWORD, RAX, Mem.of(RBP, -512)));
        emits("8b 04 8f", asm -> asm.load(DWORD, RAX, Mem.indexed(RDI, RCX, 4, 0)));
        emits("66 89 06", asm -> asm.store(WORD, Mem.of(RSI), RAX));
        emits("c6 07 ff", asm -> asm.store(BYTE, Mem.of(RDI), 255));
        emits("66 c7 07 34 12", asm -> asm.store(WORD, Mem.of(RDI), 0x1234));
        emits("48 c7 45 f8 ff ff ff ff", asm -> asm.store(QWORD, Mem.of(RBP, -8), -1));
        emits("8b 04 25 00 10 00 00", asm -> asm.load(DWORD, RAX, Mem.absolute(0x1000)));
        emits("48 8d 44 37 01", asm -> asm.lea(QWORD, RAX, Mem.indexed(RDI, RSI, 1, 1)));
    }

    @Test
    void constants_take_the_shortest_move() {
        emits("b8 00 00 00 00", asm -> asm.movImm(RAX, 0));
        emits("41 b8 ff ff ff ff", asm -> asm.movImm(R8, 0xffff_ffffL));
        emits("48 c7 c7 ff ff ff ff", asm -> asm.movImm(RDI, -1));
        emits("48 c7 c0 00 00 00 80", asm -> asm.movImm(RAX, Integer.MIN_VALUE));
        emits("48 b8 00 00 00 00 01 00 00 00", asm -> asm.movImm(RAX, 1L << 32));
        emits("49 b9 01 00 00 00 00 00 00 00", asm -> asm.movImm64(R9, 1));
    }

    @Test
    void widenings() {
        emits("0f b6 c0", asm -> asm.zeroExtend(BYTE, RAX, RAX));
        emits("40 0f b6 c6", asm -> asm.zeroExtend(BYTE, RAX, RSI));
        emits("0f b7 07", asm -> asm.loadZero(WORD, RAX, Mem.of(RDI)));
        emits("8b 07", asm -> asm.loadZero(DWORD, RAX, Mem.of(RDI)));
        emits("48 63 f8", asm -> asm.signExtend(DWORD, QWORD, RDI, RAX));
        emits("48 0f be 06", asm -> asm.loadSigned(BYTE, QWORD, RAX, Mem.of(RSI)));
        emits("0f bf c7", asm -> asm.signExtend(WORD, DWORD, RAX, RDI));
    }

    @Test
    void arithmetic_takes_the_shortest_immediate() {
        emits("48 01 c8", asm -> asm.arith(Arith.ADD, QWORD, RAX, RCX));
        emits("31 c0", asm -> asm.arith(Arith.XOR, DWORD, RAX, RAX));
        emits("48 83 ec 08", asm -> asm.arith(Arith.SUB, QWORD, RSP, 8));
        emits("48 83 f8 21", asm -> asm.arith(Arith.CMP, QWORD, RAX, 33));
        emits("48 81 ec 00 02 00 00", asm -> asm.arith(Arith.SUB, QWORD, RSP, 512));
        emits("48 05 80 00 00 00", asm -> asm.arith(Arith.ADD, QWORD, RAX, 128));
        emits("3c 80", asm -> asm.arith(Arith.CMP, BYTE, RAX, 128));
        emits("66 83 f9 ff", asm -> asm.arith(Arith.CMP, WORD, RCX, 65535));
        emits("66 81 f9 ff 7f", asm -> asm.arith(Arith.CMP, WORD, RCX, 32767));
        emits("48 85 c0", asm -> asm.test(QWORD, RAX, RAX));
        emits("a8 01", asm -> asm.test(BYTE, RAX, 1));
        emits("f7 c7 01 00 00 00", asm -> asm.test(DWORD, RDI, 1));
        emits("48 0f af c7", asm -> asm.imul(QWORD, RAX, RDI));
        emits("48 6b c7 0a", asm -> asm.imul(QWORD, RAX, RDI, 10));
        emits("69 c7 e8 03 00 00", asm -> asm.imul(DWORD, RAX, RDI, 1000));
        emits("48 f7 f1", asm -> asm.unary(Unary.DIV, QWORD, RCX));
        emits("f7 d8", asm -> asm.unary(Unary.NEG, DWORD, RAX));
        emits("d1 e8", asm -> asm.shift(Shift.SHR, DWORD, RAX, 1));
        emits("48 c1 e0 20", asm -> asm.shift(Shift.SHL, QWORD, RAX, 32));
        emits("66 c1 c0 08", asm -> asm.shift(Shift.ROL, WORD, RAX, 8));
        emits("48 d3 f8", asm -> asm.shiftCl(Shift.SAR, QWORD, RAX));
        emits("0f c8", asm -> asm.bswap(DWORD, RAX));
        emits("49 0f cf", asm -> asm.bswap(QWORD, Gpr.R15));
        emits("f3 48 0f b8 c7", asm -> asm.bitCount(BitCount.POPCNT, QWORD, RAX, RDI));
        emits("c4 e2 f1 f7 c3", asm -> asm.vex(VexOp.SHLX, QWORD, RAX, RBX, RCX));
        emits("c4 e3 fb f0 c7 08", asm -> asm.rorx(QWORD, RAX, RDI, 8));
        emits("c4 e2 78 f2 c1", asm -> asm.vex(VexOp.ANDN, DWORD, RAX, RAX, RCX));
    }

    @Test
    void atomics() {
        emits("f0 48 01 07", asm -> asm.lock(Arith.ADD, QWORD, Mem.of(RDI), RAX));
        emits("f0 0f c1 07", asm -> asm.lock(Exchange.XADD, DWORD, Mem.of(RDI), RAX));
        emits("48 87 07", asm -> asm.lock(Exchange.XCHG, QWORD, Mem.of(RDI), RAX));
        emits("f0 ff 07", asm -> asm.lock(Unary.INC, DWORD, Mem.of(RDI)));
        emits("f0 48 0f ba 2f 3f", asm -> asm.lock(BitTest.BTS, QWORD, Mem.of(RDI), 63));
        emits("f0 48 0f b1 0f", asm -> asm.lock(Exchange.CMPXCHG, QWORD, Mem.of(RDI), RCX));
    }

    @Test
    void control() {
        emits("ff e0", asm -> asm.jump(RAX));
        emits("41 ff e7", asm -> asm.jump(Gpr.R15));
        emits("ff d0", asm -> asm.call(RAX));
        emits("41 ff 54 24 10", asm -> asm.call(Mem.of(R12, 16)));
        emits("53 41 55", asm -> {
            asm.push(RBX);
            asm.push(R13);
        });
        emits("41 5d 5b c3", asm -> {
            asm.pop(R13);
            asm.pop(RBX);
            asm.bare(Bare.RET);
        });
        emits("6a 00", asm -> asm.push(0));
        emits("0f 94 c0", asm -> asm.set(Condition.E, RAX));
        emits("40 0f 97 c7", asm -> asm.set(Condition.A, RDI));
        emits("48 0f 44 c2", asm -> asm.cmov(Condition.E, QWORD, RAX, RDX));
        emits("eb fe", asm -> asm.jump(asm.here()));
        emits("e8 fb ff ff ff", asm -> asm.call(asm.here()));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 90",
        "2, 66 90",
        "3, 0f 1f 00",
        "5, 0f 1f 44 00 00",
        "8, 0f 1f 84 00 00 00 00 00",
        "9, 66 0f 1f 84 00 00 00 00 00",
        "10, 66 0f 1f 84 00 00 00 00 00 90"
    })
    void nops_are_those_that_vendors_recommend(int length, String bytes) {
        emits(bytes, asm -> asm.nop(length));
    }

    @Test
    void the_label_of_a_constant_is_that_of_its_eight_bytes() {
        Assembler asm = new Assembler();
        Label there = new Label();
        asm.jump(there);
        Label constant = asm.movImm64(RAX, 0x1122_3344_5566_7788L);
        asm.place(there);
        AssembledCode code = asm.finish();
        assertThat(code.offset(constant)).isEqualTo(4);
        assertThat(LittleEndian.getLong(code.bytes(), 4)).isEqualTo(0x1122_3344_5566_7788L);
    }

    @Test
    void what_has_no_encoding_is_refused() {
        Assembler asm = new Assembler();
        assertThatThrownBy(() -> asm.imul(BYTE, RAX, RCX)).hasMessageContaining("imul has no form for BYTE");
        assertThatThrownBy(() -> asm.shift(Shift.SHL, QWORD, RAX, 64)).hasMessageContaining("a shift by 64");
        assertThatThrownBy(() -> Mem.indexed(RAX, RSP, 1, 0)).hasMessageContaining("rsp");
        assertThatThrownBy(() -> Mem.indexed(RAX, RCX, 3, 0)).hasMessageContaining("scale 3");
        assertThatThrownBy(() -> asm.lock(Arith.CMP, QWORD, Mem.of(RAX), RCX))
                .hasMessageContaining("cmp writes no memory");
        assertThatThrownBy(() -> asm.lock(Unary.DIV, QWORD, Mem.of(RAX))).hasMessageContaining("div writes no memory");
        assertThatThrownBy(() -> asm.lock(BitTest.BT, QWORD, Mem.of(RAX), 1))
                .hasMessageContaining("bt writes no memory");
        assertThatThrownBy(() -> asm.align(3)).hasMessageContaining("alignment");
        assertThat(asm.finish().size()).isZero();
    }
}
