package dev.turnout.bpf.object;

import dev.turnout.bpf.asm.Encoder;
import dev.turnout.bpf.btf.StringTable;
import dev.turnout.bpf.elf.Elf;
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
    private final StringTable names = new StringTable();
    private final List<Section> sections = new ArrayList<>();
    private final Map<String, Integer> sectionIndices = new LinkedHashMap<>();
    private final List<Symbol> locals = new ArrayList<>();
    private final List<Symbol> globals = new ArrayList<>();
    private final Map<String, Integer> symbolIndices = new LinkedHashMap<>();

    private record Section(
            String name,
            int type,
            long flags,
            ByteString bytes,
            long size,
            int link,
            int info,
            long align,
            long entry) {}

    /** @param key tells symbols of one name apart: a kind and a name */
    private record Symbol(String key, String name, int binding, int type, int section, long value, long size) {}

    private ElfWriter(BpfObject object) {
        this.object = object;
    }

    /** The file. References that the object cannot resolve are our own mistake and throw. */
    public static ByteString write(BpfObject object) {
        return new ElfWriter(object).write();
    }

    private ByteString write() {
        sections.add(new Section("", 0, 0, ByteString.EMPTY, 0, 0, 0, 0, 0));
        for (CodeSection code : object.sections()) {
            section(code.name(), Elf.PROGBITS, Elf.ALLOC | Elf.EXEC, ByteString.EMPTY, 8);
        }
        if (!object.license().isEmpty()) {
            byte[] text = (object.license() + "\0").getBytes(StandardCharsets.UTF_8);
            section(Elf.LICENSE, Elf.PROGBITS, Elf.ALLOC | Elf.WRITE, ByteString.copyOf(text), 1);
            global("license", "_license", Elf.OBJECT, Elf.LICENSE, 0, text.length);
        }
        for (DataSection data : object.data()) {
            long flags = Elf.ALLOC | (data.readOnly() ? 0 : Elf.WRITE);
            int type = data.zeroFilled() ? Elf.NOBITS : Elf.PROGBITS;
            section(data.name(), type, flags, data.bytes(), data.align());
        }
        if (!object.maps().isEmpty()) {
            section(
                    Elf.MAPS,
                    Elf.PROGBITS,
                    Elf.ALLOC | Elf.WRITE,
                    ByteString.zeros(
                            object.maps().stream().mapToInt(ObjectBtf::size).sum()),
                    8);
        }
        symbols();
        jumpTables();
        functionTables();
        keys();
        number();
        code();
        mapRows();
        branchSites();
        ObjectBtf.Sections btf = ObjectBtf.write(object);
        section(".BTF", Elf.PROGBITS, 0, btf.btf(), 4);
        section(".BTF.ext", Elf.PROGBITS, 0, btf.ext(), 4);
        return finish();
    }

    private int section(String name, int type, long flags, ByteString bytes, long align) {
        int index = sections.size();
        sections.add(new Section(name, type, flags, bytes, bytes.size(), 0, 0, align, 0));
        sectionIndices.put(name, index);
        return index;
    }

    private int sectionIndex(String name) {
        Integer index = sectionIndices.get(name);
        if (index == null) {
            throw new IllegalArgumentException("the object has no section " + name);
        }
        return index;
    }

    private void global(String key, String name, int type, String section, long value, long size) {
        globals.add(new Symbol(key, name, Elf.GLOBAL, type, sectionIndex(section), value, size));
    }

    private void symbols() {
        for (CodeSection code : object.sections()) {
            locals.add(
                    new Symbol("section " + code.name(), "", Elf.LOCAL, Elf.SECTION, sectionIndex(code.name()), 0, 0));
            for (ObjectFunction function : code.functions()) {
                long start = function.start() * 8L;
                long size = (function.end() - function.start()) * 8L;
                String key = "function " + function.name();
                if (function.kind() == ObjectFunction.Kind.STATIC) {
                    locals.add(new Symbol(
                            key, function.name(), Elf.LOCAL, Elf.FUNC, sectionIndex(code.name()), start, size));
                } else {
                    global(key, function.name(), Elf.FUNC, code.name(), start, size);
                }
            }
        }
        for (DataSection data : object.data()) {
            int index = sectionIndex(data.name());
            locals.add(new Symbol("section " + data.name(), "", Elf.LOCAL, Elf.SECTION, index, 0, 0));
            for (DataSection.Variable variable : data.variables()) {
                List<Symbol> table = variable.exported() ? globals : locals;
                table.add(new Symbol(
                        "variable " + data.name() + " " + variable.name(),
                        variable.name(),
                        variable.exported() ? Elf.GLOBAL : Elf.LOCAL,
                        Elf.OBJECT,
                        index,
                        variable.offset(),
                        variable.size()));
            }
        }
        long offset = 0;
        for (ObjectMap map : object.maps()) {
            global("map " + map.name(), map.name(), Elf.OBJECT, Elf.MAPS, offset, ObjectBtf.size(map));
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
        section(Elf.JUMP_TABLES, Elf.PROGBITS, 0, ByteString.EMPTY, 1);
        for (JumpTable table : object.jumpTables()) {
            int size = table.targets().size() * 8;
            global("jump table " + table.name(), table.name(), Elf.OBJECT, Elf.JUMP_TABLES, out.position(), size);
            table.targets().forEach(target -> out.putLong(target * 8L));
        }
        fill(Elf.JUMP_TABLES, out);
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
        section(Elf.FUNCTION_TABLES, Elf.PROGBITS, 0, ByteString.EMPTY, 8);
        for (FunctionTable table : object.functionTables()) {
            String symbol = (table.mutable() ? Elf.MUTABLE_PREFIX : Elf.TABLE_PREFIX) + table.name();
            functions("table " + table.name(), symbol, table.rows(), out);
            if (table.mutable()) {
                String name = table.name();
                functions("candidates " + name, Elf.CANDIDATES_PREFIX + name, candidates(table), out);
            }
        }
        fill(Elf.FUNCTION_TABLES, out);
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
        global(key, symbol, Elf.OBJECT, Elf.FUNCTION_TABLES, out.position(), names.size() * 8L);
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
        section(Elf.STATIC_KEYS, Elf.PROGBITS, 0, ByteString.EMPTY, 8);
        for (ObjectKey key : object.keys()) {
            global("key " + key.name(), ObjectKey.symbol(key.name()), Elf.OBJECT, Elf.STATIC_KEYS, out.position(), 8);
            out.putLong(key.initial());
        }
        fill(Elf.STATIC_KEYS, out);
    }

    private void fill(String name, ByteBuffer content) {
        int index = sectionIndex(name);
        Section old = sections.get(index);
        ByteString bytes = bytes(content);
        sections.set(
                index,
                new Section(name, old.type, old.flags, bytes, bytes.size(), old.link, old.info, old.align, old.entry));
    }

    /** Local symbols come first in the table; the null symbol is 0. */
    private void number() {
        int index = 1;
        for (Symbol symbol : locals) {
            symbolIndices.put(symbol.key, index++);
        }
        for (Symbol symbol : globals) {
            symbolIndices.put(symbol.key, index++);
        }
    }

    private int symbolIndex(String key) {
        Integer index = symbolIndices.get(key);
        if (index == null) {
            throw new IllegalArgumentException("the object has no " + key);
        }
        return index;
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
            fill(section.name(), ByteBuffer.wrap(Encoder.encode(Code.of(insns)).toArray()));
            relocations(section.name(), relocations);
        }
    }

    private void relocations(String section, ByteArrayOutputStream entries) {
        if (entries.size() > 0) {
            ByteString bytes = ByteString.copyOf(entries.toByteArray());
            // The link, to the symbol table, is not known yet: finish() sets it.
            sections.add(new Section(
                    ".rel" + section, Elf.REL, 0x40, bytes, bytes.size(), 0, sectionIndex(section), 8, Elf.REL_SIZE));
        }
    }

    /** A row is a word behind the map's struct whose relocation names the program or map; the word itself means nothing. */
    private void mapRows() {
        ByteArrayOutputStream relocations = new ByteArrayOutputStream();
        int offset = 0;
        for (ObjectMap map : object.maps()) {
            for (ObjectMap.Row row : map.rows()) {
                ByteBuffer entry = little(Elf.REL_SIZE);
                long symbol = symbolIndex((map.inner().isPresent() ? "map " : "function ") + row.symbol());
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
                relocate(out, slot, "jump table " + table, Elf.R_64_64);
                yield wide(insn, 0, offset);
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
            case Reference.ToKernelFunction(String name) ->
                throw new IllegalArgumentException("kernel function " + name + " cannot be written yet");
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
        entry.putLong(slot * 8L).putLong((long) symbolIndex(symbol) << 32 | type);
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
                out.putInt(sectionIndex(section.name())).putInt(site.slot() * 8).putInt(site.target() * 8);
                out.putInt(symbolIndex("key " + site.key())).putInt((int) site.value());
                out.putInt((site.inverse() ? 1 : 0) | (on ? 2 : 0));
            }
        }
        section(Elf.STATIC_BRANCHES, Elf.PROGBITS, 0, bytes(out), 4);
    }

    private ByteString finish() {
        ByteBuffer table = little((1 + locals.size() + globals.size()) * Elf.SYMBOL_SIZE);
        table.position(Elf.SYMBOL_SIZE);
        locals.forEach(symbol -> put(symbol, table));
        globals.forEach(symbol -> put(symbol, table));
        int symtab = sections.size();
        sections.add(new Section(
                ".symtab",
                Elf.SYMTAB,
                0,
                bytes(table),
                table.capacity(),
                symtab + 1,
                1 + locals.size(),
                8,
                Elf.SYMBOL_SIZE));
        // Section names go into the same table, so it is complete only once they are in it.
        List<Integer> nameOffsets = new ArrayList<>();
        sections.forEach(section -> nameOffsets.add(names.offset(section.name)));
        nameOffsets.add(names.offset(".strtab"));
        ByteString strings = ByteString.copyOf(names.toArray());
        sections.add(new Section(".strtab", Elf.STRTAB, 0, strings, strings.size(), 0, 0, 1, 0));

        long[] offsets = new long[sections.size()];
        long end = Elf.HEADER_SIZE;
        for (int i = 1; i < offsets.length; i++) {
            Section section = sections.get(i);
            end = align(end, section.align);
            offsets[i] = end;
            end += section.type == Elf.NOBITS ? 0 : section.size;
        }
        long headers = align(end, 8);
        ByteBuffer file = little(Math.toIntExact(headers + (long) sections.size() * Elf.SECTION_SIZE));
        header(file, headers);
        for (int i = 1; i < offsets.length; i++) {
            if (sections.get(i).type != Elf.NOBITS) {
                file.put((int) offsets[i], sections.get(i).bytes.toArray());
            }
        }
        file.position((int) headers);
        for (int i = 0; i < offsets.length; i++) {
            Section section = sections.get(i);
            file.putInt(nameOffsets.get(i))
                    .putInt(section.type)
                    .putLong(section.flags)
                    .putLong(0);
            file.putLong(offsets[i]).putLong(section.size);
            file.putInt(section.type == Elf.REL ? symtab : section.link).putInt(section.info);
            file.putLong(section.align).putLong(section.entry);
        }
        return bytes(file);
    }

    private void put(Symbol symbol, ByteBuffer table) {
        table.putInt(names.offset(symbol.name));
        table.put((byte) (symbol.binding << 4 | symbol.type)).put((byte) 0).putShort((short) symbol.section);
        table.putLong(symbol.value).putLong(symbol.size);
    }

    private static long align(long offset, long to) {
        return to <= 1 ? offset : (offset + to - 1) / to * to;
    }

    private void header(ByteBuffer file, long headers) {
        file.putInt(0x464c457f).put((byte) 2).put((byte) 1).put((byte) 1);
        file.position(16);
        file.putShort((short) Elf.TYPE_REL).putShort((short) Elf.MACHINE_BPF).putInt(1);
        file.putLong(0).putLong(0).putLong(headers).putInt(0);
        file.putShort((short) Elf.HEADER_SIZE).putShort((short) 0).putShort((short) 0);
        file.putShort((short) Elf.SECTION_SIZE).putShort((short) sections.size());
        file.putShort((short) (sections.size() - 1));
    }
}
