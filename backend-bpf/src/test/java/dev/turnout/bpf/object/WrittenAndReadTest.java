package dev.turnout.bpf.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.codegen.CodeGenerator;
import dev.turnout.bpf.codegen.Options;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.TypeRelocation;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.DebugType;
import dev.turnout.ir.text.IrParser;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a module says of maps in maps and of the kernel's structs is in its object, and comes out of the file again. */
class WrittenAndReadTest {
    private static final String MODULE = """
            module "m" license "GPL"
            type part = struct part 8 { a: u32 at 0, b: u32 at 32 }
            type task = struct task 24 { tgid: i32 at 0, parent: *u64 at 64, inner: part at 128 }
            map @one: hash[u32 => u64] max 8
            map @outer: array_of_maps[u32 => u32] max 4 of hash[u32 => u64] max 8 = [1 => @one, 3 => @one]
            kfunc @bpf_strlen: fn(s: *u8) -> i32
            kfunc @never_called: fn() -> void
            field @task.parent: task at 1
            field @task.inner.b: task at 2, 1

            program @main section "xdp" type xdp -> i32 {
            b0(v0: ptr<context>):
                v1 = address kernel @task.parent
                v2 = address kernel @task.inner.b
                v3 = helper i64 get_current_task()
                v4 = offset ptr<kernel> v1, v3
                v5 = offset ptr<kernel> v2, v3
                v6 = slot 8 align 8 "x"
                v7 = const i64 8
                v8 = helper i64 probe_read_kernel(v6, v7, v4)
                v9 = helper i64 probe_read_kernel(v6, v7, v5)
                v10 = address map @outer
                v11 = const i32 1
                store i32 v11 to v6
                v12 = helper ptr<map> map_lookup_elem(v10, v6)
                v13 = kernel i64 @bpf_strlen(v6)
                v14 = const i32 2
                return v14
            }
            """;

    private static BpfObject made() {
        Diagnostics diagnostics = new Diagnostics();
        BpfObject object =
                CodeGenerator.generate(IrParser.read(MODULE), TargetProfile.VM, Options.DEFAULT, diagnostics);
        assertThat(diagnostics.all()).isEmpty();
        return object;
    }

    private static BpfObject read(BpfObject object) {
        Diagnostics diagnostics = new Diagnostics();
        BpfObject read = ElfReader.read(ElfWriter.write(object), Policy.LINUX, diagnostics)
                .orElseThrow();
        assertThat(diagnostics.all()).isEmpty();
        return read;
    }

    @Test
    void maps_in_maps_keep_their_pattern_and_rows() {
        ObjectMap outer = read(made()).map("outer").orElseThrow();
        assertThat(outer.kind()).isEqualTo(MapKind.ARRAY_OF_MAPS);
        assertThat(outer.valueSize()).isEqualTo(4);
        assertThat(outer.rows()).containsExactly(new ObjectMap.Row(1, "one"), new ObjectMap.Row(3, "one"));
        ObjectMap inner = outer.inner().orElseThrow();
        assertThat(inner.kind()).isEqualTo(MapKind.HASH);
        assertThat(List.of(inner.keySize(), inner.valueSize(), (int) inner.maxEntries()))
                .containsExactly(4, 8, 8);
    }

    @Test
    void functions_of_the_kernel_are_declared_as_c_declares_them() {
        BpfObject read = read(made());
        assertThat(read.externs()).hasSize(1);
        ObjectExtern extern = read.externs().getFirst();
        assertThat(extern.name()).isEqualTo("bpf_strlen");
        assertThat(extern.kind()).isEqualTo(ObjectExtern.Kind.FUNCTION);
        assertThat(extern.weak()).isFalse();
        assertThat(extern.signature())
                .isEqualTo(new DebugType.Function(
                        List.of(new DebugType.Parameter(
                                "s",
                                new DebugType.Pointer(
                                        new DebugType.Integer("unsigned char", 8, DebugType.Encoding.UNSIGNED)))),
                        new DebugType.Integer("int", 32, DebugType.Encoding.SIGNED)));
        assertThat(calls(made())).isEqualTo(calls(read)).containsExactly("bpf_strlen");
    }

    private static List<String> calls(BpfObject object) {
        BpfProgram program =
                ProgramLoader.load(object, "main", new Diagnostics()).orElseThrow();
        return program.code().insns().stream()
                .filter(Insn.CallKernel.class::isInstance)
                .map(call -> program.kernelFunction((Insn.CallKernel) call)
                        .orElseThrow()
                        .name())
                .toList();
    }

    @Test
    void fields_of_the_kernel_ask_the_same_whether_the_object_was_written_or_not() {
        assertThat(asked(made())).containsExactlyInAnyOrder("0:1 = 8", "0:2:1 = 20");
        assertThat(asked(read(made()))).containsExactlyInAnyOrder("0:1 = 8", "0:2:1 = 20");
    }

    /** What each relocation asks, and the number that its instruction holds without an answer. */
    private static List<String> asked(BpfObject object) {
        BpfProgram program =
                ProgramLoader.load(object, "main", new Diagnostics()).orElseThrow();
        for (TypeRelocation relocation : program.surroundings().relocations()) {
            assertThat(program.surroundings()
                            .types()
                            .find(relocation.type())
                            .orElseThrow()
                            .name())
                    .isEqualTo("task");
        }
        return program.surroundings().relocations().stream()
                .map(one -> one.access() + " = " + ((Insn.Wide) program.code().at(one.slot())).low())
                .toList();
    }
}
