package dev.turnout.x86.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.memory.Memory;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CodeMemoryTest {
    private static final int MEBIBYTE = 1 << 20;
    private final CodeMemory memory =
            CodeMemory.open(MEBIBYTE, new Diagnostics()).orElseThrow();

    @BeforeAll
    static void this_is_linux_on_x86() {
        assumeTrue(System.getProperty("os.arch").equals("amd64") && Files.exists(Path.of("/proc/self/maps")));
    }

    @AfterEach
    void free() {
        memory.close();
    }

    /** {@code mov eax, value; ret}. */
    private static byte[] returns(int value) {
        return new byte[] {
            (byte) 0xb8, (byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24), (byte) 0xc3
        };
    }

    @SuppressWarnings("restricted") // The code was written three lines above.
    private static int call(long address) throws Throwable {
        return (int) Linker.nativeLinker()
                .downcallHandle(MemorySegment.ofAddress(address), FunctionDescriptor.of(ValueLayout.JAVA_INT))
                .invokeExact();
    }

    private CodeBlock placed(byte[] code) {
        CodeBlock block = memory.allocate(code.length).orElseThrow();
        memory.write(block, code);
        return block;
    }

    @Test
    void what_is_written_here_runs_there() throws Throwable {
        CodeBlock one = placed(returns(1));
        CodeBlock two = placed(returns(2));
        assertThat(call(one.address())).isEqualTo(1);
        assertThat(call(two.address())).isEqualTo(2);
        assertThat(Memory.loadByte(memory.writable(two.address()) + 1)).isEqualTo((byte) 2);
        assertThat(memory.writable(two.address())).isNotEqualTo(two.address());
    }

    @Test
    void freed_memory_is_filled_with_breakpoints_and_serves_again() throws Throwable {
        CodeBlock first = placed(returns(1));
        assertThat(call(first.address())).isEqualTo(1);
        memory.free(first);
        for (int at = 0; at < CodeMemory.GRANULE; at++) {
            assertThat(Memory.loadByte(first.address() + at)).isEqualTo((byte) 0xcc);
        }
        assumeTrue(Serialisation.isAvailable());
        CodeBlock again = placed(returns(3));
        assertThat(again.address()).isEqualTo(first.address());
        assertThat(again.reused()).isTrue();
        assertThat(call(again.address())).isEqualTo(3);
    }

    @Test
    void no_page_is_writable_and_executable_and_none_can_be_reached_at_the_ends() throws IOException {
        CodeBlock block = placed(returns(1));
        List<String> ours = lines(CodeMemory.NAME);
        assertThat(ours).isNotEmpty();
        assertThat(ours)
                .noneMatch(line ->
                        permissions(line).contains("w") && permissions(line).contains("x"));
        assertThat(ours).anyMatch(line -> permissions(line).startsWith("r-x"));
        assertThat(ours).anyMatch(line -> permissions(line).startsWith("rw-"));
        long executable = block.address();
        String below = lineOf(executable - 1);
        String above = lineOf(executable + MEBIBYTE);
        assertThat(permissions(below)).startsWith("---");
        assertThat(permissions(above)).startsWith("---");
        memory.close();
        assertThat(lines("-" + Long.toHexString(executable + MEBIBYTE) + " ")).isEmpty();
    }

    private static String permissions(String line) {
        int at = line.indexOf(' ') + 1;
        return line.substring(at, at + 4);
    }

    private static List<String> lines(String part) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(part)).toList();
        }
    }

    private static String lineOf(long address) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            int dash = line.indexOf('-');
            long from = Long.parseUnsignedLong(line, 0, dash, 16);
            long to = Long.parseUnsignedLong(line, dash + 1, line.indexOf(' '), 16);
            if (Long.compareUnsigned(address, from) >= 0 && Long.compareUnsigned(address, to) < 0) {
                return line;
            }
        }
        throw new AssertionError("nothing is mapped at 0x" + Long.toHexString(address));
    }

    @Test
    void blocks_that_come_and_go_never_overlap_and_leave_nothing() throws Throwable {
        SplittableRandom random = new SplittableRandom(1);
        List<CodeBlock> blocks = new ArrayList<>();
        for (int turn = 0; turn < 4000; turn++) {
            if (blocks.size() < 40 && random.nextInt(3) > 0) {
                byte[] code = new byte[6 + random.nextInt(5000)];
                System.arraycopy(returns(turn), 0, code, 0, 6);
                CodeBlock block = placed(code);
                for (CodeBlock other : blocks) {
                    assertThat(block.address() + block.size() <= other.address()
                                    || other.address() + other.size() <= block.address())
                            .isTrue();
                }
                blocks.add(block);
            } else if (!blocks.isEmpty()) {
                memory.free(blocks.remove(random.nextInt(blocks.size())));
            }
            if (turn % 100 == 0) {
                for (CodeBlock block : blocks) {
                    assertThat(call(block.address())).isEqualTo(Memory.loadInt(block.address() + 1));
                }
            }
        }
        blocks.forEach(memory::free);
        assertThat(memory.used()).isZero();
    }

    @Test
    void full_memory_gives_no_block_and_refused_memory_is_reported() {
        assertThat(memory.allocate(MEBIBYTE + 1)).isEmpty();
        assertThat(memory.allocate(MEBIBYTE)).isPresent();
        assertThat(memory.allocate(1)).isEmpty();
        Diagnostics diagnostics = new Diagnostics();
        assertThat(CodeMemory.open(1L << 62, diagnostics)).isEmpty();
        assertThat(diagnostics.all())
                .singleElement()
                .satisfies(one -> assertThat(one.code()).isEqualTo(DiagnosticCode.R0114));
    }

    @Test
    void a_block_that_was_freed_cannot_be_freed_again() {
        CodeBlock block = placed(returns(1));
        memory.free(block);
        assertThatThrownBy(() -> memory.free(block)).isInstanceOf(IllegalStateException.class);
    }
}
