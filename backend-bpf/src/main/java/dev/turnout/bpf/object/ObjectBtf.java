package dev.turnout.bpf.object;

import dev.turnout.bpf.btf.BtfBuilder;
import dev.turnout.bpf.btf.BtfExt;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.btf.BtfWriter;
import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The types of an object: its functions with their lines, its maps as libbpf wants them (a variable in {@code .maps} whose
 * struct has a pointer for each property), its variables and keys.
 */
final class ObjectBtf {
    /** Bytes of a map's variable up to its rows: room for its struct of at most eight pointers. */
    static final int MAP_SIZE = 64;

    /** Bytes of a map's variable: behind its struct there is a word for each row up to the last, which a relocation names. */
    static int size(ObjectMap map) {
        int last = map.rows().stream().mapToInt(ObjectMap.Row::index).max().orElse(-1);
        return MAP_SIZE + (last + 1) * 8;
    }

    private static final DebugType.Function PLAIN =
            new DebugType.Function(List.of(), new DebugType.Integer("int", 32, DebugType.Encoding.SIGNED));

    private final BpfObject object;
    private final BtfBuilder types = new BtfBuilder();

    record Sections(ByteString btf, ByteString ext) {}

    private ObjectBtf(BpfObject object) {
        this.object = object;
    }

    static Sections write(BpfObject object) {
        ObjectBtf btf = new ObjectBtf(object);
        Map<String, List<BtfExt.FunctionInfo>> functions = new LinkedHashMap<>();
        Map<String, List<BtfExt.LineInfo>> lines = new LinkedHashMap<>();
        for (CodeSection section : object.sections()) {
            functions.put(section.name(), btf.functions(section));
            List<BtfExt.LineInfo> ofSection = lines(section);
            if (!ofSection.isEmpty()) {
                lines.put(section.name(), ofSection);
            }
        }
        btf.maps();
        btf.data();
        btf.keys();
        btf.externs();
        BtfExt ext = new BtfExt(functions, lines, btf.fields());
        BtfWriter.Sections written = BtfWriter.write(btf.types.build(), ext);
        return new Sections(written.btf(), written.ext());
    }

    /** What is to be fitted to a kernel's types: "compile once, run everywhere". */
    private Map<String, List<BtfExt.CoreRelocation>> fields() {
        Map<String, List<BtfExt.CoreRelocation>> relocations = new LinkedHashMap<>();
        for (CodeSection section : object.sections()) {
            for (Relocation relocation : section.relocations()) {
                if (relocation.to() instanceof Reference.ToField field) {
                    relocations
                            .computeIfAbsent(section.name(), _ -> new ArrayList<>())
                            .add(new BtfExt.CoreRelocation(
                                    relocation.slot() * 8L, types.add(field.root()), field.access(), 0));
                }
            }
        }
        return relocations;
    }

    private List<BtfExt.FunctionInfo> functions(CodeSection section) {
        List<BtfExt.FunctionInfo> infos = new ArrayList<>();
        for (ObjectFunction function : section.functions()) {
            DebugType.Function signature = function.signature() instanceof DebugType.Function known ? known : PLAIN;
            BtfType.Linkage linkage =
                    function.kind() == ObjectFunction.Kind.STATIC ? BtfType.Linkage.STATIC : BtfType.Linkage.GLOBAL;
            infos.add(new BtfExt.FunctionInfo(
                    function.start() * 8L, types.function(function.name(), signature, linkage)));
        }
        return infos;
    }

    /**
     * Lines in order of place. Linux wants one at the start of each function if there are any at all; where the object has
     * none there, the function's first line (or that of the code in front) stands for it.
     */
    private static List<BtfExt.LineInfo> lines(CodeSection section) {
        List<BtfExt.LineInfo> infos = new ArrayList<>();
        if (section.lines().isEmpty()) {
            return infos;
        }
        int next = 0;
        LineInfo last = section.lines().getFirst();
        for (ObjectFunction function : section.functions()) {
            while (next < section.lines().size() && section.lines().get(next).slot() < function.start()) {
                next++;
            }
            boolean covered =
                    next < section.lines().size() && section.lines().get(next).slot() == function.start();
            if (!covered) {
                boolean hasLater = next < section.lines().size()
                        && section.lines().get(next).slot() < function.end();
                infos.add(line(function.start(), hasLater ? section.lines().get(next) : last));
            }
            while (next < section.lines().size() && section.lines().get(next).slot() < function.end()) {
                last = section.lines().get(next++);
                infos.add(line(last.slot(), last));
            }
        }
        return infos;
    }

    private static BtfExt.LineInfo line(int slot, LineInfo line) {
        return new BtfExt.LineInfo(slot * 8L, line.file(), line.text(), line.line(), line.column());
    }

    private void maps() {
        if (object.maps().isEmpty()) {
            return;
        }
        List<BtfType.Placement> places = new ArrayList<>();
        long offset = 0;
        for (ObjectMap map : object.maps()) {
            int struct = types.add(definition(map));
            int variable = types.add(new BtfType.Variable(map.name(), struct, BtfType.Linkage.GLOBAL));
            places.add(new BtfType.Placement(variable, offset, size(map)));
            offset += size(map);
        }
        types.add(new BtfType.DataSection(Elf.MAPS, offset, places));
    }

    private BtfType definition(ObjectMap map) {
        if (!map.rows().isEmpty()
                && map.kind() != MapKind.PROG_ARRAY
                && map.inner().isEmpty()) {
            throw new IllegalArgumentException("map " + map.name() + " has rows that are no programs and no maps");
        }
        List<BtfType.Member> members = new ArrayList<>();
        member(members, "type", types.number(map.kind().kernelId()));
        if (map.keySize() > 0) {
            if (map.key().size() == map.keySize()) {
                member(members, "key", types.add(new BtfType.Pointer(types.add(map.key()))));
            } else {
                member(members, "key_size", types.number(map.keySize()));
            }
        }
        if (map.valueSize() > 0) {
            if (map.value().size() == map.valueSize()) {
                member(members, "value", types.add(new BtfType.Pointer(types.add(map.value()))));
            } else {
                member(members, "value_size", types.number(map.valueSize()));
            }
        }
        member(members, "max_entries", types.number(map.maxEntries()));
        if (map.flags() != 0) {
            member(members, "map_flags", types.number(Integer.toUnsignedLong(map.flags())));
        }
        if (map.extra() != 0) {
            member(members, "map_extra", types.number(map.extra()));
        }
        if (map.pinned()) {
            member(members, "pinning", types.number(1));
        }
        if (!map.rows().isEmpty() || map.inner().isPresent()) {
            // At the end of the struct whatever came before, so that a row's place is known without its members.
            int held = map.inner().map(inner -> types.add(definition(inner))).orElseGet(() -> types.add(PLAIN));
            int rows = types.open(types.add(new BtfType.Pointer(held)));
            members.add(new BtfType.Member("values", rows, MAP_SIZE * 8, 0));
        }
        // libbpf goes by the pointers alone; the size is what lets each map have a place of its own in the section.
        return new BtfType.Composite("", false, MAP_SIZE, members);
    }

    private static void member(List<BtfType.Member> members, String name, int pointer) {
        members.add(new BtfType.Member(name, pointer, members.size() * 64, 0));
    }

    private void data() {
        for (DataSection section : object.data()) {
            List<BtfType.Placement> places = new ArrayList<>();
            for (DataSection.Variable variable : section.variables()) {
                // Linux takes no types at all if a variable of a section has no bytes, as an empty text has none.
                if (variable.type() instanceof DebugType.Void
                        || variable.size() == 0
                        || variable.type().size() != variable.size()) {
                    continue;
                }
                BtfType.Linkage linkage = variable.exported() ? BtfType.Linkage.GLOBAL : BtfType.Linkage.STATIC;
                // A global one is found by its symbol's name; the name of the others is for people.
                String name = variable.exported() ? variable.name() : BtfBuilder.identifier(variable.name());
                int id = types.add(new BtfType.Variable(name, types.add(variable.type()), linkage));
                places.add(new BtfType.Placement(id, variable.offset(), variable.size()));
            }
            if (!places.isEmpty()) {
                types.add(
                        new BtfType.DataSection(section.name(), section.bytes().size(), places));
            }
        }
    }

    /** Functions of the kernel that the object calls, as if a section held them. */
    private void externs() {
        List<BtfType.Placement> places = new ArrayList<>();
        for (ObjectExtern extern : object.externs()) {
            if (extern.signature() instanceof DebugType.Function signature) {
                places.add(
                        new BtfType.Placement(types.function(extern.name(), signature, BtfType.Linkage.EXTERN), 0, 0));
            }
        }
        if (!places.isEmpty()) {
            types.add(new BtfType.DataSection(Elf.KERNEL_SYMBOLS, 0, places));
        }
    }

    private void keys() {
        List<BtfType.Placement> places = new ArrayList<>();
        int index = 0;
        for (ObjectKey key : object.keys()) {
            if (!(key.type() instanceof DebugType.Void)) {
                int id = types.add(new BtfType.Variable(key.name(), types.add(key.type()), BtfType.Linkage.GLOBAL));
                places.add(new BtfType.Placement(id, index * 8L, key.type().size()));
            }
            index++;
        }
        if (!places.isEmpty()) {
            types.add(new BtfType.DataSection(Elf.STATIC_KEYS, object.keys().size() * 8L, places));
        }
    }
}
