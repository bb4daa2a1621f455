package dev.turnout.bpf.object;

import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.elf.ElfImage;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.Fault;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.map.MapKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns relocations into references. Like libbpf it decides from the instruction and the symbol, not from the relocation's
 * type: a call means a function, a wide load means what the symbol's section holds. Calls inside a section that the compiler
 * settled itself become references too, so that code can be moved.
 */
final class RelocationReader {
    private final ElfImage image;
    private final Map<Integer, ElfReader.Part> parts;
    private final TableReader tables;
    private final Set<String> dataSections = new HashSet<>();
    private final Map<String, Integer> configuration = new HashMap<>();
    private final Map<Long, String> mapsByOffset = new HashMap<>();
    private final Set<String> mapNames = new HashSet<>();
    private final List<String> arenas = new ArrayList<>();

    RelocationReader(
            ElfImage image,
            Map<Integer, ElfReader.Part> parts,
            List<DataSection> data,
            List<ObjectMap> maps,
            TableReader tables) {
        this.image = image;
        this.parts = parts;
        this.tables = tables;
        data.forEach(section -> {
            dataSections.add(section.name());
            if (section.name().equals(DataSection.CONFIGURATION)) {
                section.variables().forEach(one -> configuration.put(one.name(), one.offset()));
            }
        });
        maps.forEach(map -> {
            mapNames.add(map.name());
            if (map.kind() == MapKind.ARENA) {
                arenas.add(map.name());
            }
        });
    }

    void read() {
        Map<Integer, Map<Integer, ElfImage.Symbol>> bySection = new HashMap<>();
        for (ElfImage.Section section : image.sections()) {
            if (section.type() == Elf.REL && parts.containsKey(section.info())) {
                entries(section, bySection.computeIfAbsent(section.info(), _ -> new HashMap<>()));
            }
        }
        for (ElfReader.Part part : parts.values()) {
            rewrite(part, bySection.getOrDefault(part.section.index(), new HashMap<>()));
        }
    }

    private void entries(ElfImage.Section section, Map<Integer, ElfImage.Symbol> into) {
        ByteBuffer in = section.view();
        if (in.limit() % Elf.REL_SIZE != 0) {
            throw ElfReader.broken(
                    DiagnosticCode.O0113,
                    "section `" + section.name() + "` has " + in.limit() + " bytes, which is no multiple of "
                            + Elf.REL_SIZE);
        }
        ElfReader.Part part = part(section.info());
        for (int at = 0; at < in.limit(); at += Elf.REL_SIZE) {
            long offset = in.getLong(at);
            long info = in.getLong(at + 8);
            long symbol = info >>> 32;
            String where = "relocation " + at / Elf.REL_SIZE + " of section `" + section.name() + "`";
            if ((int) info == 0) {
                continue;
            }
            if (offset < 0
                    || offset % 8 != 0
                    || offset / 8 >= part.code.size()
                    || !part.code.begins((int) (offset / 8))) {
                throw ElfReader.broken(
                        DiagnosticCode.O0114,
                        where + " is for byte " + Long.toUnsignedString(offset) + ", where no instruction begins");
            }
            if (symbol >= image.symbols().size()) {
                throw ElfReader.broken(
                        DiagnosticCode.O0114,
                        where + " is for symbol " + symbol + " of "
                                + image.symbols().size());
            }
            into.put((int) (offset / 8), image.symbols().get((int) symbol));
        }
    }

    private ElfReader.Part part(int index) {
        ElfReader.Part part = parts.get(index);
        if (part == null) {
            throw new IllegalStateException("section " + index + " is no code");
        }
        return part;
    }

    private void rewrite(ElfReader.Part part, Map<Integer, ElfImage.Symbol> symbols) {
        Code code = part.code;
        Set<Integer> faulty = new HashSet<>();
        part.faults.forEach(fault -> faulty.add(fault.slot()));
        List<Insn> insns = new ArrayList<>(code.size());
        for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
            Insn insn = code.at(slot);
            ElfImage.Symbol symbol = faulty.contains(slot) ? null : symbols.get(slot);
            if (symbol != null) {
                insn = relocated(part, slot, insn, symbol);
            } else if (insn instanceof Insn.CallLocal(int distance)
                    && part.holding(slot).isPresent()) {
                settled(part, slot, (long) slot + 1 + distance);
                insn = new Insn.CallLocal(0);
            } else if (insn instanceof Insn.Wide wide
                    && wide.kind() == WideKind.FUNCTION
                    && part.holding(slot).isPresent()) {
                settled(part, slot, (long) slot + 1 + wide.low());
                insn = Insn.Wide.constant(wide.dst(), 0);
            }
            insns.add(insn);
        }
        part.relocated = Code.of(insns);
        part.faults.sort(Comparator.comparingInt(Fault::slot));
    }

    /** A call that needs no relocation: its target is in its own section. */
    private static void settled(ElfReader.Part part, int slot, long target) {
        ObjectFunction callee = part.startingAt(target)
                .orElseThrow(() -> ElfReader.broken(
                        DiagnosticCode.O0114,
                        "the call at " + place(part, slot) + " goes to slot " + target
                                + " of its section, where no function starts"));
        part.relocations.add(new Relocation(slot, new Reference.ToFunction(callee.name())));
    }

    private static String place(ElfReader.Part part, int slot) {
        return "byte " + slot * 8L + " of section `" + part.section.name() + "`";
    }

    private Insn relocated(ElfReader.Part part, int slot, Insn insn, ElfImage.Symbol symbol) {
        return switch (insn) {
            case Insn.CallLocal(int distance) -> call(part, slot, distance, symbol);
            case Insn.CallKernel(int distance, int _) when symbol.section() == 0 -> call(part, slot, distance, symbol);
            case Insn.Wide wide when isJumpTable(symbol) -> jumpTable(part, slot, wide, symbol);
            case Insn.Wide wide -> {
                part.relocations.add(new Relocation(slot, loaded(part, slot, wide, symbol)));
                yield Insn.Wide.constant(wide.dst(), 0);
            }
            case Insn.CallHelper _
            when symbol.section() == 0 && symbol.name().startsWith("bpf_") ->
                throw ElfReader.broken(
                        DiagnosticCode.O0114,
                        "the call at " + place(part, slot) + " is for the undefined symbol `" + symbol.name()
                                + "`, and is not marked as a call of a function");
            default ->
                throw ElfReader.broken(
                        DiagnosticCode.O0114,
                        "the instruction at " + place(part, slot)
                                + " has a relocation, which only calls of functions and wide loads may have");
        };
    }

    private boolean isJumpTable(ElfImage.Symbol symbol) {
        return symbol.section() > 0
                && symbol.section() < image.sections().size()
                && image.sections().get(symbol.section()).name().equals(Elf.JUMP_TABLES);
    }

    /** A table that is wrong is a fault of the instruction that uses it: Linux looks at it with the program. */
    private Insn jumpTable(ElfReader.Part part, int slot, Insn.Wide wide, ElfImage.Symbol symbol) {
        try {
            part.relocations.add(new Relocation(slot, tables.jumpTable(part, slot, symbol, wide)));
        } catch (ElfImage.Broken broken) {
            part.faults.add(new Fault(slot, broken.diagnostic()));
        }
        return Insn.Wide.constant(wide.dst(), 0);
    }

    private Insn call(ElfReader.Part part, int slot, int distance, ElfImage.Symbol symbol) {
        if (symbol.section() == 0) {
            part.relocations.add(new Relocation(slot, new Reference.ToKernelFunction(symbol.name())));
            return new Insn.CallKernel(0, 0);
        }
        // A section symbol's call counts from the section, a function's own from the function: S + A, in slots, minus
        // one.
        part.relocations.add(new Relocation(
                slot, function(part, slot, symbol, symbol.value() / 8 + distance + 1, symbol.value() % 8)));
        return new Insn.CallLocal(0);
    }

    private Reference function(ElfReader.Part part, int slot, ElfImage.Symbol symbol, long target, long misaligned) {
        ElfReader.Part home = parts.get(symbol.section());
        Optional<ObjectFunction> callee = home == null || misaligned != 0 ? Optional.empty() : home.startingAt(target);
        if (callee.isEmpty()) {
            throw ElfReader.broken(
                    DiagnosticCode.O0114,
                    "the instruction at " + place(part, slot) + " refers to slot " + target + " of section "
                            + sectionName(symbol) + ", where no function starts");
        }
        if (callee.get().kind() == ObjectFunction.Kind.PROGRAM) {
            throw ElfReader.broken(
                    DiagnosticCode.O0114,
                    "the instruction at " + place(part, slot) + " calls `"
                            + callee.get().name() + "`, which is a program; only functions in `.text` can be called");
        }
        return new Reference.ToFunction(callee.get().name());
    }

    private String sectionName(ElfImage.Symbol symbol) {
        return symbol.section() < image.sections().size()
                ? "`" + image.sections().get(symbol.section()).name() + "`"
                : Integer.toString(symbol.section());
    }

    private Reference loaded(ElfReader.Part part, int slot, Insn.Wide wide, ElfImage.Symbol symbol) {
        if (symbol.section() == 0) {
            Integer place = configuration.get(symbol.name());
            return place == null
                    ? new Reference.ToExtern(symbol.name())
                    : new Reference.ToData(DataSection.CONFIGURATION, place + wide.low());
        }
        if (symbol.section() >= image.sections().size()) {
            throw ElfReader.broken(
                    DiagnosticCode.O0114,
                    "the wide load at " + place(part, slot) + " is for symbol `" + symbol.name() + "` of section index "
                            + symbol.section());
        }
        if (parts.containsKey(symbol.section())) {
            // An address is in bytes where a call's distance is in slots.
            long target = symbol.value() + wide.low();
            return function(part, slot, symbol, Math.floorDiv(target, 8), Math.floorMod(target, 8));
        }
        String section = image.sections().get(symbol.section()).name();
        if (dataSections.contains(section)) {
            long offset = symbol.value() + wide.low();
            if (offset != (int) offset) {
                throw ElfReader.broken(
                        DiagnosticCode.O0114,
                        "the wide load at " + place(part, slot) + " is for byte " + offset + " of section `" + section
                                + "`");
            }
            return new Reference.ToData(section, (int) offset);
        }
        return switch (section) {
            case Elf.MAPS, "maps" -> map(part, slot, symbol);
            case Elf.ARENA -> arena(part, slot, symbol.value() + wide.low());
            case Elf.FUNCTION_TABLES -> tables.functionTable(part, slot, symbol);
            default ->
                throw ElfReader.broken(
                        DiagnosticCode.O0114,
                        "the wide load at " + place(part, slot) + " is for section `" + section
                                + "`, which holds nothing that a program can use");
        };
    }

    private Reference arena(ElfReader.Part part, int slot, long offset) {
        if (arenas.size() != 1 || offset != (int) offset) {
            throw ElfReader.broken(
                    DiagnosticCode.O0114,
                    "the wide load at " + place(part, slot) + " is for byte " + offset + " of the arena, and there are "
                            + arenas.size() + " arena maps");
        }
        return new Reference.ToArena(arenas.getFirst(), (int) offset);
    }

    private Reference map(ElfReader.Part part, int slot, ElfImage.Symbol symbol) {
        if (mapNames.contains(symbol.name())) {
            return new Reference.ToMap(symbol.name());
        }
        // gcc may refer to a map by its section and offset.
        if (mapsByOffset.isEmpty()) {
            for (ElfImage.Symbol one : image.symbols()) {
                if (one.section() == symbol.section() && mapNames.contains(one.name())) {
                    mapsByOffset.put(one.value(), one.name());
                }
            }
        }
        String name = mapsByOffset.get(symbol.value());
        if (name == null) {
            throw ElfReader.broken(
                    DiagnosticCode.O0114,
                    "the wide load at " + place(part, slot) + " is for byte " + symbol.value()
                            + " of the maps, where none is defined");
        }
        return new Reference.ToMap(name);
    }
}
