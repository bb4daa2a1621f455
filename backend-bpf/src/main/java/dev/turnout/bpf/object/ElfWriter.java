package dev.turnout.bpf.object;

import dev.turnout.bpf.asm.Encoder;
import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.elf.ElfDraft;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.program.Code;
import dev.turnout.ir.model.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes an object as an ELF-64 file that libbpf loads. The order of everything is the object's, so that equal objects make
 * equal bytes.
 *
 * <p>What a reader of the file must know beyond the usual: calls and loads of static functions refer to the section symbol of
 * {@code .text} with the place in the immediate, for libbpf does not take local function symbols; words of {@code
 * .jumptables} are byte offsets in the section of the code, without relocations; {@code .static_branches} holds the records
 * of the language's decision 5 and {@code .static_keys} an initial value of 8 bytes for each key.
 */
public final class ElfWriter {
    private final BpfObject object;
    private final ElfDraft file = new ElfDraft();
    private final Map<String, TablePlace> tablePlaces = new LinkedHashMap<>();

    /**
     * Where a jump table lies.
     *
     * @param symbol key of the symbol behind which it stands
     * @param offset bytes from there
     */
    private record TablePlace(String symbol, int offset) {}

    private ElfWriter(BpfObject object) {
        this.object = object;
    }

    /** The file. References that the object cannot resolve are our own mistake and throw. */
    public static ByteString write(BpfObject object) {
        return new ElfWriter(object).write();
    }

    private ByteString write() {
        for (CodeSection code : object.sections()) {
            file.section(code.name(), Elf.PROGBITS, Elf.ALLOC | Elf.EXEC, ByteString.EMPTY, 8);
        }
        if (!object.license().isEmpty()) {
            byte[] text = (object.license() + "\0").getBytes(StandardCharsets.UTF_8);
            file.section(Elf.LICENSE, Elf.PROGBITS, Elf.ALLOC | Elf.WRITE, ByteString.copyOf(text), 1);
            file.global("license", "_license", Elf.OBJECT, Elf.LICENSE, 0, text.length);
        }
        for (DataSection data : object.data()) {
            long flags = Elf.ALLOC | (data.readOnly() ? 0 : Elf.WRITE);
            int type = data.zeroFilled() ? Elf.NOBITS : Elf.PROGBITS;
            file.section(data.name(), type, flags, data.bytes(), data.align());
        }
        if (!object.maps().isEmpty()) {
            file.section(
                    Elf.MAPS,
                    Elf.PROGBITS,
                    Elf.ALLOC | Elf.WRITE,
                    ByteString.zeros(
                            object.maps().stream().mapToInt(ObjectBtf::size).sum()),
                    8);
        }
        symbols();
        for (ObjectExtern extern : object.externs()) {
            if (extern.kind() == ObjectExtern.Kind.FUNCTION) {
                file.undefined("extern " + extern.name(), extern.name(), extern.weak());
            }
        }
        jumpTables();
        functionTables();
        keys();
        code();
        mapRows();
        branchSites();
        ObjectBtf.Sections btf = ObjectBtf.write(object);
        file.section(".BTF", Elf.PROGBITS, 0, btf.btf(), 4);
        file.section(".BTF.ext", Elf.PROGBITS, 0, btf.ext(), 4);
        return file.finish();
    }

    private void symbols() {
        for (CodeSection code : object.sections()) {
            file.local("section " + code.name(), "", Elf.SECTION, code.name(), 0, 0);
            for (ObjectFunction function : code.functions()) {
                long start = function.start() * 8L;
                long size = (function.end() - function.start()) * 8L;
                String key = "function " + function.name();
                if (function.kind() == ObjectFunction.Kind.STATIC) {
                    file.local(key, function.name(), Elf.FUNC, code.name(), start, size);
                } else {
                    file.global(key, function.name(), Elf.FUNC, code.name(), start, size);
                }
            }
        }
        for (DataSection data : object.data()) {
            file.local("section " + data.name(), "", Elf.SECTION, data.name(), 0, 0);
            for (DataSection.Variable variable : data.variables()) {
                String key = "variable " + data.name() + " " + variable.name();
                if (variable.exported()) {
                    file.global(key, variable.name(), Elf.OBJECT, data.name(), variable.offset(), variable.size());
                } else {
                    file.local(key, variable.name(), Elf.OBJECT, data.name(), variable.offset(), variable.size());
                }
            }
        }
        long offset = 0;
        for (ObjectMap map : object.maps()) {
            file.global("map " + map.name(), map.name(), Elf.OBJECT, Elf.MAPS, offset, ObjectBtf.size(map));
            offset += ObjectBtf.size(map);
        }
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteString bytes(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.capacity()];
        buffer.duplicate().clear().get(copy);
        return ByteString.copyOf(copy);
    }

    private void jumpTables() {
        int words = object.jumpTables().stream()
                .mapToInt(table -> table.targets().size())
                .sum();
        if (words == 0) {
            return;
        }
        ByteBuffer out = little(words * 8);
        file.section(Elf.JUMP_TABLES, Elf.PROGBITS, 0, ByteString.EMPTY, 1);
        Map<String, List<JumpTable>> byOwner = new LinkedHashMap<>();
        for (JumpTable table : object.jumpTables()) {
            byOwner.computeIfAbsent(table.owner(), _ -> new ArrayList<>()).add(table);
        }
        byOwner.forEach((owner, tables) -> jumpTables(owner, tables, out));
        file.fill(Elf.JUMP_TABLES, bytes(out));
    }

    /**
     * libbpf makes a map of each symbol that a program refers to, and a program has 64 maps at most. So all tables of a function stand
     * behind one symbol, and instructions say by the second half of their number where in it; local symbols name the tables one by one.
     */
    private void jumpTables(String owner, List<JumpTable> tables, ByteBuffer out) {
        int start = out.position();
        String all = tables.size() == 1 ? tables.getFirst().name() : JumpTable.name(owner);
        for (JumpTable table : tables) {
            int at = out.position();
            table.targets().forEach(target -> out.putLong(target * 8L));
            tablePlaces.put(table.name(), new TablePlace("jump tables " + owner, at - start));
            if (tables.size() > 1) {
                String key = "jump table " + table.name();
                file.local(key, table.name(), Elf.OBJECT, Elf.JUMP_TABLES, at, out.position() - at);
            }
        }
        file.global("jump tables " + owner, all, Elf.OBJECT, Elf.JUMP_TABLES, start, out.position() - start);
    }

    private TablePlace tablePlace(String table) {
        TablePlace place = tablePlaces.get(table);
        if (place == null) {
            throw new IllegalArgumentException("the object has no jump table " + table);
        }
        return place;
    }

    private void functionTables() {
        int words = 0;
        for (FunctionTable table : object.functionTables()) {
            words += table.rows().size() + candidates(table).size();
        }
        if (words == 0) {
            return;
        }
        ByteBuffer out = little(words * 8);
        file.section(Elf.FUNCTION_TABLES, Elf.PROGBITS, 0, ByteString.EMPTY, 8);
        for (FunctionTable table : object.functionTables()) {
            String symbol = (table.mutable() ? Elf.MUTABLE_PREFIX : Elf.TABLE_PREFIX) + table.name();
            functions("table " + table.name(), symbol, table.rows(), out);
            if (table.mutable()) {
                String name = table.name();
                functions("candidates " + name, Elf.CANDIDATES_PREFIX + name, candidates(table), out);
            }
        }
        file.fill(Elf.FUNCTION_TABLES, bytes(out));
    }

    /** What else the rows of a mutable table may hold, a missing function included; none for one that stays as it is. */
    private static List<String> candidates(FunctionTable table) {
        List<String> all = new ArrayList<>(table.mutable() ? table.candidates() : List.of());
        if (table.mutable() && table.nullable()) {
            all.add("");
        }
        return all;
    }

    private void functions(String key, String symbol, List<String> names, ByteBuffer out) {
        file.global(key, symbol, Elf.OBJECT, Elf.FUNCTION_TABLES, out.position(), names.size() * 8L);
        for (String name : names) {
            // A missing row cannot be 0: that is the first function of the section.
            out.putLong(name.isEmpty() ? -1 : function(name).start() * 8L);
        }
    }

    private void keys() {
        if (object.keys().isEmpty()) {
            return;
        }
        ByteBuffer out = little(object.keys().size() * 8);
        file.section(Elf.STATIC_KEYS, Elf.PROGBITS, 0, ByteString.EMPTY, 8);
        for (ObjectKey key : object.keys()) {
            file.global(
                    "key " + key.name(), ObjectKey.symbol(key.name()), Elf.OBJECT, Elf.STATIC_KEYS, out.position(), 8);
            out.putLong(key.initial());
        }
        file.fill(Elf.STATIC_KEYS, bytes(out));
    }

    private ObjectFunction function(String name) {
        return object.function(name)
                .orElseThrow(() -> new IllegalArgumentException("the object has no function " + name));
    }

    private void code() {
        for (CodeSection section : object.sections()) {
            List<Insn> insns = new ArrayList<>(section.code().size());
            ByteArrayOutputStream relocations = new ByteArrayOutputStream();
            Code code = section.code();
            for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
                Reference to = section.referenceAt(slot).orElse(null);
                insns.add(to == null ? code.at(slot) : relocated(section, slot, code.at(slot), to, relocations));
            }
            file.fill(section.name(), Encoder.encode(Code.of(insns)));
            relocations(section.name(), relocations);
        }
    }

    private void relocations(String section, ByteArrayOutputStream entries) {
        if (entries.size() > 0) {
            file.relocations(section, ByteString.copyOf(entries.toByteArray()));
        }
    }

    /** A row is a word behind the map's struct whose relocation names the program or map; the word itself means nothing. */
    private void mapRows() {
        ByteArrayOutputStream relocations = new ByteArrayOutputStream();
        int offset = 0;
        for (ObjectMap map : object.maps()) {
            for (ObjectMap.Row row : map.rows()) {
                ByteBuffer entry = little(Elf.REL_SIZE);
                long symbol = file.symbolIndex((map.inner().isPresent() ? "map " : "function ") + row.symbol());
                entry.putLong(offset + ObjectBtf.MAP_SIZE + 8L * row.index()).putLong(symbol << 32 | Elf.R_ABS64);
                relocations.writeBytes(bytes(entry).toArray());
            }
            offset += ObjectBtf.size(map);
        }
        if (relocations.size() > 0) {
            relocations(Elf.MAPS, relocations);
        }
    }

    private Insn relocated(CodeSection section, int slot, Insn insn, Reference to, ByteArrayOutputStream out) {
        return switch (to) {
            case Reference.ToMap(String map) -> {
                relocate(out, slot, "map " + map, Elf.R_64_64);
                yield wide(insn, 0, 0);
            }
            case Reference.ToData(String data, int offset) -> {
                relocate(out, slot, "section " + data, Elf.R_64_64);
                yield wide(insn, offset, 0);
            }
            case Reference.ToJumpTable(String table, int offset) -> {
                TablePlace place = tablePlace(table);
                relocate(out, slot, place.symbol, Elf.R_64_64);
                yield wide(insn, 0, place.offset + offset);
            }
            case Reference.ToFunctionTable(String table) -> {
                relocate(out, slot, "table " + table, Elf.R_64_64);
                yield wide(insn, 0, 0);
            }
            case Reference.ToFunction(String name) -> {
                ObjectFunction callee = function(name);
                String home = object.sectionOf(name).orElseThrow().name();
                boolean isStatic = callee.kind() == ObjectFunction.Kind.STATIC;
                String symbol = isStatic ? "section " + home : "function " + name;
                if (!(insn instanceof Insn.CallLocal)) {
                    relocate(out, slot, symbol, Elf.R_64_64);
                    yield wide(insn, isStatic ? callee.start() * 8 : 0, 0);
                }
                if (isStatic && home.equals(section.name())) {
                    yield new Insn.CallLocal(callee.start() - slot - 1);
                }
                relocate(out, slot, symbol, Elf.R_64_32);
                yield new Insn.CallLocal(isStatic ? callee.start() - 1 : -1);
            }
            case Reference.ToField field -> wide(insn, field.offset(), 0);
            case Reference.ToArena(String map, int _) ->
                throw new IllegalArgumentException("a variable in arena " + map + " cannot be written yet");
            case Reference.ToKernelFunction(String name) -> {
                // What C makes of a call of a function that is defined elsewhere; the loader makes it one of the
                // kernel's.
                relocate(out, slot, "extern " + name, Elf.R_64_32);
                yield new Insn.CallLocal(-1);
            }
            case Reference.ToExtern(String name) ->
                throw new IllegalArgumentException("extern " + name + " cannot be written yet");
        };
    }

    private static Insn wide(Insn insn, int low, int high) {
        if (insn instanceof Insn.Wide wide) {
            return new Insn.Wide(wide.dst(), WideKind.CONSTANT, low, high);
        }
        throw new IllegalArgumentException(insn + " cannot hold a reference");
    }

    private void relocate(ByteArrayOutputStream out, int slot, String symbol, int type) {
        ByteBuffer entry = little(Elf.REL_SIZE);
        entry.putLong(slot * 8L).putLong((long) file.symbolIndex(symbol) << 32 | type);
        out.writeBytes(bytes(entry).toArray());
    }

    private void branchSites() {
        int count = object.sections().stream()
                .mapToInt(one -> one.branchSites().size())
                .sum();
        if (count == 0) {
            return;
        }
        ByteBuffer out = little(count * Elf.BRANCH_RECORD);
        Map<String, Long> initial = new LinkedHashMap<>();
        object.keys().forEach(key -> initial.put(key.name(), key.initial()));
        for (CodeSection section : object.sections()) {
            for (ObjectBranchSite site : section.branchSites()) {
                boolean on = Long.valueOf(site.value()).equals(initial.get(site.key()));
                out.putInt(file.sectionIndex(section.name()))
                        .putInt(site.slot() * 8)
                        .putInt(site.target() * 8);
                out.putInt(file.symbolIndex("key " + site.key())).putInt((int) site.value());
                out.putInt((site.inverse() ? 1 : 0) | (on ? 2 : 0));
            }
        }
        file.section(Elf.STATIC_BRANCHES, Elf.PROGBITS, 0, bytes(out), 4);
    }
}
