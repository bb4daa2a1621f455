package dev.turnout.x86.lower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.Code;
import dev.turnout.x86.asm.Assembler;
import dev.turnout.x86.code.Listing;
import dev.turnout.x86.code.ListingPrinter;
import dev.turnout.x86.code.PatchMode;
import dev.turnout.x86.isa.Feature;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The whole of a listing, which is also a page to see the translation on. */
class ListingTest {
    private static String listing(BpfProgram program) {
        Listing listing = DirectCompiler.compile(program, Set.of(Feature.BMI2), PatchMode.CELL, Assembler.listing());
        return ListingPrinter.print(program, listing);
    }

    @Test
    void everythingIsNamed() {
        Code code = Sources.code("""
                r6 = r1
                *(u32 *)(r10 - 4) = 0
                r2 = r10
                r2 += -4
                r1 = map[0]
                call 1
                if r0 == 0 goto +3
                nop_or_goto +2
                r1 = r0
                call pc+5
                may_goto +2
                r3 = *(u8 *)(r6 + 200)
                r0 %= r3
                call 7
                exit
                r0 = *(u64 *)(r1 + 0)
                w0 <<= w1
                exit
                """);
        BpfProgram program = Sources.program(
                code,
                List.of(new FunctionRange("main", 0, 16, true), new FunctionRange("value", 16, 19, false)),
                List.of(Sources.array("counters", 8, 4)),
                List.of(new BranchSite(8, 11, 0, 1, false)));
        assertThat(listing(program)).isEqualTo("""
                ; program main, section test: 169 bytes

                main:
                         0: 53                             push rbx
                         1: 68 00 00 80 00                 push 0x800000
                  ; test.turn:7: return 0
                     0:  r6 = r1
                         6: 48 89 fb                       mov rbx,rdi
                     1:  *(u32 *)(r10 - 4) = 0
                         9: c7 45 fc 00 00 00 00           mov DWORD PTR [rbp-0x4],0x0
                     2:  r2 = r10
                        10: 48 89 ee                       mov rsi,rbp
                     3:  r2 += -4
                        13: 48 83 c6 fc                    add rsi,0xfffffffffffffffc
                     4:  r1 = map[0]
                        17: 48 bf 00 00 00 00 00 00 00 00  movabs rdi,map:counters
                     6:  call 1
                        21: 44 8b 1e                       mov r11d,DWORD PTR [rsi]
                        24: 31 c0                          xor eax,eax
                        26: 41 83 fb 04                    cmp r11d,0x4
                        2a: 73 0b                          jae 0x37
                        2c: 49 c1 e3 03                    shl r11,0x3
                        30: 48 8b 47 10                    mov rax,QWORD PTR [rdi+0x10]
                        34: 4c 01 d8                       add rax,r11
                     7:  if r0 == 0 goto +3
                        37: 48 85 c0                       test rax,rax
                        3a: 74 22                          je 0x5e
                     8:  nop_or_goto +2
                        3c: 0f 1f 40 00                    nop DWORD PTR [rax+0x0]
                        40: 0f 1f 84 00 00 00 00 00        nop DWORD PTR [rax+rax*1+0x0]  ; cell of key mode
                     9:  r1 = r0
                        48: 48 89 c7                       mov rdi,rax
                    10:  call pc+5
                        4b: 48 81 ed 00 02 00 00           sub rbp,0x200
                        52: e8 49 00 00 00                 call 0xa0 <value>
                        57: 48 81 c5 00 02 00 00           add rbp,0x200
                    11:  may_goto +2
                        5e: 48 83 2c 24 01                 sub QWORD PTR [rsp],0x1
                        63: 78 1d                          js 0x82
                    12:  r3 = *(u8 *)(r6 + 200)
                        65: 0f b6 93 c8 00 00 00           movzx edx,BYTE PTR [rbx+0xc8]
                    13:  r0 %= r3
                        6c: 49 89 d3                       mov r11,rdx
                        6f: 4d 85 db                       test r11,r11
                        72: 74 0e                          je 0x82
                        74: 49 89 d2                       mov r10,rdx
                        77: 31 d2                          xor edx,edx
                        79: 49 f7 f3                       div r11
                        7c: 48 89 d0                       mov rax,rdx
                        7f: 4c 89 d2                       mov rdx,r10
                    14:  call 7
                        82: 41 c7 44 24 1c 07 00 00 00     mov DWORD PTR [r12+0x1c],0x7
                        8b: 41 c7 44 24 20 0e 00 00 00     mov DWORD PTR [r12+0x20],0xe
                        94: e8 00 00 00 00                 call stub:helper
                    15:  exit
                        99: 41 5b                          pop r11
                        9b: 5b                             pop rbx
                        9c: c3                             ret
                        9d: 0f 1f 00                       nop DWORD PTR [rax]

                value:
                    16:  r0 = *(u64 *)(r1 + 0)
                        a0: 48 8b 07                       mov rax,QWORD PTR [rdi]
                    17:  w0 <<= w1
                        a3: c4 e2 41 f7 c0                 shlx eax,eax,edi
                    18:  exit
                        a8: c3                             ret
                """);
    }
}
