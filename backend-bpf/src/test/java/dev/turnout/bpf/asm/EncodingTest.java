package dev.turnout.bpf.asm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.InsnForm;
import dev.turnout.bpf.isa.InsnForms;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.SwapOp;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.isa.random.RandomInsns;
import dev.turnout.bpf.program.Code;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class EncodingTest {
    static Stream<InsnForm> rows() {
        return InsnForms.all().stream();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void decodingUndoesEncodingForEveryRow(InsnForm row) {
        RandomInsns random = new RandomInsns(7);
        List<Insn> insns = new ArrayList<>(List.of(row.prototype()));
        for (int i = 0; i < 50; i++) {
            insns.add(random.of(row));
        }
        assertThat(decode(encode(insns), Policy.LINUX)).isEqualTo(insns);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theEncoderFillsTheFieldsThatTheRowSays(InsnForm row) {
        long word = Encoder.word(row.prototype());
        assertThat((int) word & 0xff).isEqualTo(row.opcode());
        assertThat(row.dst().allows((int) (word >>> 8) & 15)).isTrue();
        assertThat(row.src().allows((int) (word >>> 12) & 15)).isTrue();
        assertThat(row.off().allows((short) (word >>> 16))).isTrue();
        assertThat(row.imm().allows((int) (word >>> 32))).isTrue();
    }

    @Test
    void noWordNamesTheHiddenRegister() {
        for (InsnForm row : InsnForms.all()) {
            assertThat(row.dst().allows(Reg.AX.number())).as("%s", row).isFalse();
            assertThat(row.src().allows(Reg.AX.number())).as("%s", row).isFalse();
        }
        assertThat(Stream.of(Reg.values()).filter(reg -> reg != Reg.AX).toList())
                .isEqualTo(IntStream.rangeClosed(0, 10).mapToObj(Reg::of).toList());
        Insn intoHidden = new Insn.Alu(AluOp.MOV, Width.W64, Reg.AX, Operand.of(1));
        Insn fromHidden = new Insn.Alu(AluOp.XOR, Width.W32, Reg.R3, Operand.of(Reg.AX));
        assertThatThrownBy(() -> Encoder.word(intoHidden)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Encoder.word(fromHidden)).isInstanceOf(IllegalArgumentException.class);
        assertThat(InsnPrinter.print(intoHidden)).isEqualTo("ax = 1");
        assertThat(InsnPrinter.print(fromHidden)).isEqualTo("w3 ^= ax");
    }

    @Test
    void noWordIsTwoInstructions() {
        SplittableRandom random = new SplittableRandom(3);
        for (InsnForm row : InsnForms.all()) {
            for (int i = 0; i < 20; i++) {
                int dst = row.dst().draw(random);
                int src = row.src().draw(random);
                int off = row.off().draw(random);
                int imm = row.imm().draw(random);
                int high = row.high().draw(random);
                List<InsnForm> fits = new ArrayList<>();
                for (InsnForm other : InsnForms.ofOpcode(row.opcode())) {
                    if (other.dst().allows(dst)
                            && other.src().allows(src)
                            && other.off().allows(off)
                            && other.imm().allows(imm)
                            && other.high().allows(high)) {
                        fits.add(other);
                    }
                }
                assertThat(fits).containsExactly(row);
            }
        }
    }

    @Test
    void whateverDecodesEncodesToTheSameBytes() {
        SplittableRandom random = new SplittableRandom(11);
        int accepted = 0;
        for (int i = 0; i < 200_000; i++) {
            // Mostly sparse words: dense ones break some reserved field at once.
            long word = random.nextLong();
            for (int thin = 0; thin < 3; thin++) {
                word &= random.nextLong();
            }
            byte[] bytes = little(word);
            Diagnostics diagnostics = new Diagnostics();
            var code = Decoder.decode(ByteBuffer.wrap(bytes), "code", Policy.RFC, diagnostics);
            assertThat(code.isEmpty()).isEqualTo(diagnostics.hasErrors());
            if (code.isPresent()) {
                accepted++;
                assertThat(Encoder.encode(code.get()).toArray()).isEqualTo(bytes);
            }
        }
        assertThat(accepted).isGreaterThan(1000);
    }

    @Test
    void knownBytes() {
        assertThat(hex(new Insn.JumpIndirect(Reg.R3))).isEqualTo("0d03000000000000");
        assertThat(hex(new Insn.CallIndirect(Reg.R3))).isEqualTo("8d03000000000000");
        assertThat(hex(new Insn.MayGoto(2))).isEqualTo("e500020000000000");
        assertThat(hex(new Insn.StaticJump(true, false, 3))).isEqualTo("0610000003000000");
        assertThat(hex(new Insn.StaticJump(true, true, 3))).isEqualTo("0630000003000000");
        assertThat(hex(new Insn.Jump(true, -1))).isEqualTo("06000000ffffffff");
        assertThat(hex(new Insn.Alu(AluOp.SDIV, Width.W64, Reg.R1, Operand.of(Reg.R2))))
                .isEqualTo("3f21010000000000");
        assertThat(hex(new Insn.Alu(AluOp.MOVSX8, Width.W32, Reg.R1, Operand.of(Reg.R2))))
                .isEqualTo("bc21080000000000");
        assertThat(hex(new Insn.Load(Size.H, true, Reg.R1, Reg.R2, -8))).isEqualTo("8921f8ff00000000");
        assertThat(hex(new Insn.Atomic(AtomicOp.LOAD_ACQUIRE, Size.B, Reg.R2, 0, Reg.R1)))
                .isEqualTo("d321000000010000");
        assertThat(hex(new Insn.Atomic(AtomicOp.FETCH_ADD, Size.DW, Reg.R1, 16, Reg.R2)))
                .isEqualTo("db21100001000000");
        assertThat(hex(new Insn.Swap(SwapOp.BE, 16, Reg.R0))).isEqualTo("dc00000010000000");
        assertThat(hex(Insn.Wide.constant(Reg.R1, 0x1122334455667788L))).isEqualTo("18010000887766550000000044332211");
    }

    @ParameterizedTest
    @CsvSource({
        "05000000000000, O0101, 'code has 7 bytes of code, which is no multiple of 8'",
        "ff00000000000000, O0102, unknown opcode 0xff at slot 0 of code",
        "0d03000001000000, O0103, 'the immediate of `gotox` at slot 0 of code is 1, must be 0'",
        "0d13000000000000, O0103, 'the source of `gotox` at slot 0 of code is 1, must be 0'",
        "9500010000000000, O0103, 'the offset of `exit` at slot 0 of code is 1, must be 0'",
        "0711000005000000, O0103, 'the source of `add64 imm` at slot 0 of code is 1, must be 0'",
        "070b000005000000, O0104, 'there is no register r11, named as the destination of `add64 imm` at slot 0 of code'",
        "1801000005000000, O0105, 'code ends inside a wide load, at slot 0'",
        "18010000050000000100000000000000, O0105, 'second slot of the wide load at slot 0 of code is not zero where it must be'",
        "18110000050000000000000001000000, O0103, 'the second immediate of `lddw map_fd` at slot 0 of code is 1, must be 0'",
        "18810000050000000000000000000000, O0103, 'the source of `lddw constant` at slot 0 of code is 8, must be 0'",
        "8d00000003000000, O0103, 'the immediate of `callx` at slot 0 of code is 3, must be 0'",
        "8500030005000000, O0103, 'the offset of `call helper` at slot 0 of code is 3, must be 0'",
    })
    void brokenWordsAreExplained(String hex, DiagnosticCode expected, String message) {
        Diagnostics diagnostics = new Diagnostics();
        var code = Decoder.decode(
                ByteBuffer.wrap(HexFormat.of().parseHex(hex.length() % 2 == 0 ? hex : hex + "0")),
                "code",
                Policy.LINUX,
                diagnostics);
        assertThat(code).isEmpty();
        assertThat(diagnostics.all()).singleElement().satisfies(one -> {
            assertThat(one.code()).isEqualTo(expected);
            assertThat(one.message()).isEqualTo(message);
        });
    }

    @ParameterizedTest
    @EnumSource(Policy.class)
    void shiftsPastTheWidthAreWellFormed(Policy policy) {
        List<Insn> insns = List.of(new Insn.Alu(AluOp.LSH, Width.W64, Reg.R1, Operand.of(64)));
        assertThat(decode(encode(insns), policy)).isEqualTo(insns);
    }

    @Test
    void writesOfTheFramePointerAreLeftToAVerifierWhereThereIsOne() {
        byte[] word = HexFormat.of().parseHex("070a000005000000");
        Diagnostics diagnostics = new Diagnostics();
        assertThat(Decoder.decode(ByteBuffer.wrap(word), "code", Policy.LINUX, diagnostics))
                .isPresent();
        assertThat(Decoder.decode(ByteBuffer.wrap(word), "code", Policy.RFC, diagnostics))
                .isEmpty();
        assertThat(diagnostics.all())
                .extracting(Diagnostic::message)
                .containsExactly("the frame pointer `r10` cannot be the destination of `add64 imm` at slot 0 of code");
    }

    @Test
    void rubbishOfAnyLengthEndsInAFewDiagnostics() {
        byte[] rubbish = new byte[8_000_000];
        new SplittableRandom(5).nextBytes(rubbish);
        Diagnostics diagnostics = new Diagnostics();
        assertThat(Decoder.decode(ByteBuffer.wrap(rubbish), "code", Policy.LINUX, diagnostics))
                .isEmpty();
        assertThat(diagnostics.errorCount()).isBetween(1, 20);
    }

    private static byte[] encode(List<Insn> insns) {
        return Encoder.encode(Code.of(insns)).toArray();
    }

    private static String hex(Insn insn) {
        return HexFormat.of().formatHex(encode(List.of(insn)));
    }

    private static byte[] little(long word) {
        return ByteBuffer.allocate(8).putLong(Long.reverseBytes(word)).array();
    }

    private static List<Insn> decode(byte[] bytes, Policy policy) {
        Diagnostics diagnostics = new Diagnostics();
        var code = Decoder.decode(ByteBuffer.wrap(bytes), "code", policy, diagnostics);
        assertThat(diagnostics.all()).isEmpty();
        return code.orElseThrow().insns();
    }
}
