package dev.turnout.linux.load;

import dev.turnout.bpf.btf.BtfBuilder;
import dev.turnout.bpf.btf.BtfExt;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.btf.BtfWriter;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the kernel wants to know of a program besides its code: a type for each function (callbacks and tail calls in functions
 * need one) and its source lines, which then stand in the kernel's log. A flat program has lost the types of its functions; they
 * are given as static functions of no arguments that return an int, which makes the kernel verify them where they are called.
 *
 * @param types a {@code .BTF}
 * @param functions records {slot, type id}, 8 bytes each
 * @param lines records {slot, file, text, line and column}, 16 bytes each; empty if the program's lines do not cover it
 */
record ProgramTypes(ByteString types, ByteString functions, ByteString lines) {
    private static final String SECTION = "program";
    private static final int SLOT = 8;
    private static final DebugType.Function SIGNATURE =
            new DebugType.Function(List.of(), new DebugType.Integer("int", 32, DebugType.Encoding.SIGNED));

    static ProgramTypes of(BpfProgram program) {
        BtfBuilder builder = new BtfBuilder();
        List<BtfExt.FunctionInfo> functions = new ArrayList<>();
        for (BpfProgram.FunctionRange function : program.functions()) {
            int type = builder.function(function.name(), SIGNATURE, BtfType.Linkage.STATIC);
            functions.add(new BtfExt.FunctionInfo((long) function.start() * SLOT, type));
        }
        List<BtfExt.LineInfo> lines = lines(program);
        BtfWriter.Sections sections = BtfWriter.write(
                builder.build(), new BtfExt(Map.of(SECTION, functions), Map.of(SECTION, lines), Map.of()));
        ByteBuffer ext = sections.ext().asBuffer();
        int header = ext.getInt(4);
        return new ProgramTypes(
                sections.btf(),
                records(ext, header + ext.getInt(8), functions.size()),
                records(ext, header + ext.getInt(16), lines.size()));
    }

    /** The kernel takes lines only if each function begins with one. */
    private static List<BtfExt.LineInfo> lines(BpfProgram program) {
        List<BtfExt.LineInfo> lines = new ArrayList<>();
        Set<Integer> starts = new HashSet<>();
        int last = -1;
        for (LineInfo line : program.lines()) {
            if (line.slot() > last && program.code().begins(line.slot())) {
                lines.add(new BtfExt.LineInfo(
                        (long) line.slot() * SLOT, line.file(), line.text(), line.line(), line.column()));
                starts.add(line.slot());
                last = line.slot();
            }
        }
        boolean covers = program.functions().stream().allMatch(function -> starts.contains(function.start()));
        return covers ? lines : List.of();
    }

    /** The records of the only section of a list: the object counts bytes, the kernel slots. */
    private static ByteString records(ByteBuffer ext, int at, int count) {
        if (count == 0) {
            return ByteString.EMPTY;
        }
        int size = ext.getInt(at);
        ByteBuffer out = ByteBuffer.allocate(size * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            int record = at + 12 + i * size;
            out.putInt(ext.getInt(record) / SLOT);
            for (int word = 4; word < size; word += 4) {
                out.putInt(ext.getInt(record + word));
            }
        }
        return ByteString.copyOf(out.array());
    }
}
