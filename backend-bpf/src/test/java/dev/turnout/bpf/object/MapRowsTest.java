package dev.turnout.bpf.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.program.Code;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tables of programs that are filled at load. */
class MapRowsTest {
    private static final DebugType U32 = new DebugType.Integer("unsigned int", 32, DebugType.Encoding.UNSIGNED);
    private static final int REL = 9;

    private static ObjectMap table(int keySize, List<ObjectMap.Row> rows) {
        DebugType key = keySize == 4 ? U32 : new DebugType.Void();
        return new ObjectMap("next", MapKind.PROG_ARRAY, keySize, 4, key, U32, 8, 0, 0, false, rows);
    }

    /** Two programs, each in a section of its own; the first goes through the table. */
    private static BpfObject object(ObjectMap table, String other) {
        Code main = Code.of(List.of(Insn.Wide.constant(Reg.R2, 0), new Insn.Exit()));
        Code target = Code.of(List.of(new Insn.Exit()));
        DebugType.Function plain = new DebugType.Function(List.of(), U32);
        return new BpfObject(
                "GPL",
                List.of(
                        new CodeSection(
                                "xdp",
                                main,
                                List.of(new ObjectFunction("main", 0, 3, ObjectFunction.Kind.PROGRAM, plain)),
                                List.of(new Relocation(0, new Reference.ToMap("next"))),
                                List.of(),
                                List.of(),
                                List.of()),
                        new CodeSection(
                                other,
                                target,
                                List.of(new ObjectFunction("target", 0, 1, ObjectFunction.Kind.PROGRAM, plain)),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of())),
                List.of(),
                List.of(table),
                List.of(),
                List.of(),
                List.of());
    }

    private static final List<ObjectMap.Row> ROWS =
            List.of(new ObjectMap.Row(2, "target"), new ObjectMap.Row(7, "target"));

    private static List<DiagnosticCode> loaded(BpfObject object) {
        Diagnostics diagnostics = new Diagnostics();
        ProgramLoader.load(object, "main", diagnostics);
        return diagnostics.all().stream().map(Diagnostic::code).toList();
    }

    @Test
    void rows_come_back_at_their_places() {
        BpfObject read = SampleObjects.read(ElfWriter.write(object(table(4, ROWS), "xdp/other")));
        assertThat(read.map("next").orElseThrow()).isEqualTo(table(4, ROWS));
        assertThat(loaded(read)).isEmpty();
    }

    @Test
    void clangs_tables_are_read() {
        ObjectMap next =
                SampleObjects.read(SampleObjects.file("programs")).map("next").orElseThrow();
        assertThat(next.valueSize()).isEqualTo(4);
        assertThat(next.rows())
                .containsExactly(
                        new ObjectMap.Row(1, "drop"), new ObjectMap.Row(5, "pass"), new ObjectMap.Row(6, "drop"));
    }

    @Test
    void a_program_of_another_type_is_refused() {
        assertThat(loaded(object(table(4, ROWS), "tc"))).containsExactly(DiagnosticCode.O0131);
    }

    @Test
    void keys_are_indices() {
        assertThat(loaded(object(table(8, List.of()), "xdp/other"))).containsExactly(DiagnosticCode.O0117);
    }

    /** Where the relocations of {@code .maps} stand in a file: as many as there are rows, and more than code has. */
    private static int relocations(ByteBuffer file) {
        int headers = (int) file.getLong(40);
        int maps = -1;
        for (int i = 0; i < file.getShort(60); i++) {
            int at = headers + i * 64;
            if (file.getInt(at + 4) == REL && file.getLong(at + 32) == 16L * ROWS.size()) {
                maps = (int) file.getLong(at + 24);
            }
        }
        return maps;
    }

    private static List<DiagnosticCode> forged(int entry, long offset, long symbol) {
        byte[] bytes = ElfWriter.write(object(table(4, ROWS), "xdp/other")).toArray();
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = relocations(file) + 16 * entry;
        if (offset >= 0) {
            file.putLong(at, offset);
        }
        if (symbol >= 0) {
            file.putLong(at + 8, symbol << 32 | 2);
        }
        Diagnostics diagnostics = new Diagnostics();
        ElfReader.read(ByteString.copyOf(bytes), Policy.LINUX, diagnostics);
        return diagnostics.all().stream().map(Diagnostic::code).toList();
    }

    @Test
    void forged_rows_are_refused() {
        assertThat(forged(0, -1, -1)).isEmpty();
        assertThat(forged(0, 64 + 1, -1)).as("between two entries").containsExactly(DiagnosticCode.O0117);
        assertThat(forged(0, 8, -1)).as("inside the definition").containsExactly(DiagnosticCode.O0117);
        assertThat(forged(1, -1, 9999)).as("no such symbol").containsExactly(DiagnosticCode.O0114);
        assertThat(forged(1, -1, 1)).as("a section").containsExactly(DiagnosticCode.O0117);
    }
}
