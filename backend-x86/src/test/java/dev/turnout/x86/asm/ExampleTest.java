package dev.turnout.x86.asm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.x86.isa.Arith;
import dev.turnout.x86.isa.Bare;
import dev.turnout.x86.isa.Condition;
import dev.turnout.x86.isa.Gpr;
import dev.turnout.x86.isa.OperandSize;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExampleTest {
    @Test
    void the_example_of_the_package_is_what_it_says() throws Exception {
        Assembler asm = Assembler.listing();
        Label done = new Label();
        asm.arith(Arith.XOR, OperandSize.DWORD, Gpr.RAX, Gpr.RAX);
        Label again = asm.here();
        asm.arith(Arith.SUB, OperandSize.DWORD, Gpr.RSI, 1);
        asm.jump(Condition.B, done);
        asm.arith(Arith.ADD, OperandSize.QWORD, Gpr.RAX, Mem.indexed(Gpr.RDI, Gpr.RSI, 8, 0));
        asm.jump(again);
        asm.place(done);
        asm.bare(Bare.RET);
        AssembledCode code = asm.finish();
        assertThat(code.listing().stream()
                        .map(line -> "%2x: %s\n".formatted(line.offset(), line.text()))
                        .collect(Collectors.joining()))
                .isEqualTo("""
                         0: xor eax,eax
                         2: sub esi,0x1
                         5: jb 0xd
                         7: add rax,QWORD PTR [rdi+rsi*8]
                         b: jmp 0x2
                         d: ret
                        """);
        Objdump.judge(code);
    }
}
