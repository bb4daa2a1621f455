package dev.turnout.driver.stage;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.DataSection;
import dev.turnout.bpf.object.ObjectKey;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.KeyDefinition;
import dev.turnout.driver.json.DatumJson;
import dev.turnout.driver.json.JsonLine;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.map.TypedBytes;
import dev.turnout.verifier.specialize.SpecializeOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A static key of an object, and every place in its programs that it decides.
 *
 * @param value before anybody sets it
 * @param memory the byte that holds it on a target that patches no code
 * @param sites in the order of programs and slots
 */
public record KeyEntry(String key, Datum value, Optional<DataSection.Variable> memory, List<KeySite> sites) {
    public KeyEntry {
        sites = List.copyOf(sites);
    }

    /** All keys of an object, in its order, with their sites in these programs of it. */
    public static List<KeyEntry> of(BpfObject object, List<BpfProgram> programs, SpecializeOptions rewrites) {
        List<ProgramViews> all = programs.stream()
                .map(program -> ProgramViews.of(program, rewrites))
                .toList();
        List<KeyEntry> entries = new ArrayList<>();
        for (ObjectKey key : object.keys()) {
            List<KeySite> sites = new ArrayList<>();
            all.forEach(views -> branches(key.name(), views, sites));
            entries.add(new KeyEntry(key.name(), datum(key.type(), key.initial()), Optional.empty(), sites));
        }
        Optional<DataSection> section = object.dataSection(ObjectKey.BYTES_SECTION);
        for (DataSection.Variable variable : section.map(DataSection::variables).orElse(List.of())) {
            List<KeySite> sites = new ArrayList<>();
            all.forEach(views -> loads(variable, views, sites));
            int end = variable.offset() + variable.size();
            Datum value = TypedBytes.show(
                    variable.type(), section.orElseThrow().bytes().slice(variable.offset(), end));
            entries.add(new KeyEntry(variable.name(), value, Optional.of(variable), sites));
        }
        return entries;
    }

    /** A value of a key as its type shows it. */
    private static Datum datum(DebugType type, long value) {
        byte[] bytes = new byte[type instanceof DebugType.Void ? Long.BYTES : (int) type.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (value >>> (8 * i));
        }
        return type instanceof DebugType.Void ? Datum.of(value) : TypedBytes.show(type, ByteString.copyOf(bytes));
    }

    /** The static branches of a program on a key. A site on an enumeration has a record for each of its arms. */
    private static void branches(String key, ProgramViews views, List<KeySite> to) {
        BpfProgram program = views.program();
        Map<Integer, List<BranchSite>> sites = new TreeMap<>();
        for (BranchSite record : program.branchSites()) {
            if (program.keys().get(record.key()).name().equals(key)) {
                sites.computeIfAbsent(record.slot(), _ -> new ArrayList<>()).add(record);
            }
        }
        sites.forEach((slot, records) -> {
            KeyDefinition definition = program.keys().get(records.getFirst().key());
            List<KeySite.Way> ways = records.stream()
                    .map(one -> new KeySite.Way(
                            datum(definition.type(), one.value()), one.inverse(), views.place(one.target())))
                    .toList();
            boolean nop = records.stream().allMatch(one -> (definition.initial() == one.value()) == one.inverse());
            to.add(new KeySite(program.name(), views.place(slot), nop, ways));
        });
    }

    /** The loads of a key's byte in a program: each site has one of its own. */
    private static void loads(DataSection.Variable variable, ProgramViews views, List<KeySite> to) {
        BpfProgram program = views.program();
        for (int slot = 0; slot < program.code().size(); slot = program.code().next(slot)) {
            if (program.code().at(slot) instanceof Insn.Wide wide
                    && wide.kind() == WideKind.MAP_INDEX_VALUE
                    && wide.high() == variable.offset()
                    && program.maps().get(wide.low()).name().equals(ObjectKey.BYTES_SECTION)) {
                to.add(new KeySite(program.name(), views.place(slot), false, List.of()));
            }
        }
    }

    /** {@code section}, {@code offset} and {@code size} are there on a target that patches no code. */
    public String json() {
        JsonLine line = new JsonLine()
                .text("key", key)
                .raw("value", DatumJson.print(value))
                .raw("sites", sites.stream().map(KeySite::json).collect(Collectors.joining(",", "[", "]")));
        memory.ifPresent(byteOf -> line.text("section", ObjectKey.BYTES_SECTION)
                .number("offset", byteOf.offset())
                .number("size", byteOf.size()));
        return line.toString();
    }

    /** A line for the key, and some for each of its sites. */
    public String text() {
        StringBuilder text = new StringBuilder(key)
                .append(" = ")
                .append(DatumJson.word(value))
                .append(", ");
        memory.ifPresent(byteOf -> text.append("byte ")
                .append(byteOf.offset())
                .append(" of ")
                .append(ObjectKey.BYTES_SECTION)
                .append(", "));
        text.append(sites.size()).append(sites.size() == 1 ? " site\n" : " sites\n");
        sites.forEach(site -> text.append(site.text()));
        return text.toString();
    }
}
