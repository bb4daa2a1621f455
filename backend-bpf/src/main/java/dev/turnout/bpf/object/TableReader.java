package dev.turnout.bpf.object;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.btf.DebugTypeReader;
import dev.turnout.bpf.elf.Elf;
import dev.turnout.bpf.elf.ElfImage;
import dev.turnout.bpf.elf.UniqueNames;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.ir.model.DebugType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads jump tables, function tables, keys and branch sites. A jump table's words say nothing of whose they are: its owner is
 * the function whose instruction first refers to it, as libbpf has it. A table that nothing refers to is dropped.
 */
final class TableReader {
    private final ElfImage image;
    private final Map<Integer, ElfReader.Part> parts;
    private final Btf btf;
    private final DebugTypeReader types;

    private final Map<Integer, PlacedTable> jumpTables = new LinkedHashMap<>();
    private final NavigableMap<Long, ElfImage.Symbol> tableStarts = new TreeMap<>();
    private final Map<Integer, FunctionTable> functionTables = new LinkedHashMap<>();
    private final Map<Integer, ObjectKey> keys = new LinkedHashMap<>();
    private final UniqueNames names = new UniqueNames();

    /** @param at bytes from the start of the section */
    private record PlacedTable(long at, JumpTable table) {}

    TableReader(ElfImage image, Map<Integer, ElfReader.Part> parts, Btf btf, DebugTypeReader types) {
        this.image = image;
        this.parts = parts;
        this.btf = btf;
        this.types = types;
    }

    List<JumpTable> jumpTables() {
        // In the order of the section, not of the uses: a file that is read and written again stays as it is.
        return jumpTables.values().stream()
                .sorted(Comparator.comparingLong(PlacedTable::at))
                .map(PlacedTable::table)
                .toList();
    }

    List<FunctionTable> functionTables() {
        return functionTables.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .toList();
    }

    List<ObjectKey> keys() {
        return List.copyOf(keys.values());
    }

    /** What a symbol covers of its section, as words of eight bytes. */
    private ByteBuffer words(ElfImage.Symbol symbol, DiagnosticCode code) {
        ElfImage.Section section = image.sections().get(symbol.section());
        int limit = section.bytes().limit();
        boolean fits = symbol.value() >= 0
                && symbol.size() > 0
                && symbol.value() <= limit
                && symbol.size() <= limit - symbol.value()
                && symbol.value() % 8 == 0
                && symbol.size() % 8 == 0;
        if (!fits) {
            throw ElfReader.broken(
                    code,
                    "`" + symbol.name() + "` is said to be " + Long.toUnsignedString(symbol.size())
                            + " bytes at byte " + Long.toUnsignedString(symbol.value()) + " of `" + section.name()
                            + "`, which is no run of 8-byte words of its " + limit + " bytes");
        }
        ByteBuffer view = section.view();
        view.position((int) symbol.value()).limit((int) (symbol.value() + symbol.size()));
        return view;
    }

    /**
     * What a wide load says of jump tables. Its symbol may be of all tables of a function, with the way to the one that is meant in the
     * second half of the number; where a smaller symbol says where that one begins and ends, it is a table by itself. Without such symbols
     * all are one table, as they are one map to Linux: right too, but then each switch seems to lead to the others' arms.
     */
    Reference jumpTable(ElfReader.Part part, int slot, ElfImage.Symbol symbol, Insn.Wide wide) {
        checkUse(part, slot, symbol, wide);
        long at = symbol.value() + wide.high();
        ElfImage.Symbol one = symbol;
        Map.Entry<Long, ElfImage.Symbol> begun = tableStarts().floorEntry(at);
        if (begun != null) {
            ElfImage.Symbol closer = begun.getValue();
            if (at - closer.value() < closer.size() && closer.size() < symbol.size()) {
                one = closer;
            }
        }
        return new Reference.ToJumpTable(jumpTable(part, slot, one).name(), (int) (at - one.value()));
    }

    /** The smallest table that begins at each place of {@code .jumptables}. */
    private NavigableMap<Long, ElfImage.Symbol> tableStarts() {
        if (tableStarts.isEmpty()) {
            int section =
                    image.section(Elf.JUMP_TABLES).map(ElfImage.Section::index).orElse(-1);
            for (ElfImage.Symbol symbol : image.symbols()) {
                if (symbol.section() == section && symbol.type() == Elf.OBJECT) {
                    tableStarts.merge(symbol.value(), symbol, (a, b) -> b.size() < a.size() ? b : a);
                }
            }
        }
        return tableStarts;
    }

    private JumpTable jumpTable(ElfReader.Part part, int slot, ElfImage.Symbol symbol) {
        PlacedTable placed = jumpTables.get(symbol.index());
        if (placed == null) {
            ObjectFunction owner = part.holding(slot)
                    .orElseThrow(() -> ElfReader.broken(
                            DiagnosticCode.O0116,
                            "the jump table `" + symbol.name() + "` is used at byte " + slot * 8L + " of section `"
                                    + part.section.name() + "`, outside every function"));
            JumpTable table = new JumpTable(names.of(symbol.name()), owner.name(), targets(part, owner, symbol));
            placed = new PlacedTable(symbol.value(), table);
            jumpTables.put(symbol.index(), placed);
        }
        return placed.table;
    }

    private void checkUse(ElfReader.Part part, int slot, ElfImage.Symbol symbol, Insn.Wide wide) {
        int size = words(symbol, DiagnosticCode.O0116).remaining();
        if (wide.low() != 0 || wide.high() % 8 != 0 || wide.high() < 0 || wide.high() >= size) {
            throw ElfReader.broken(
                    DiagnosticCode.O0116,
                    "the use of the jump table `" + symbol.name() + "` at byte " + slot * 8L + " of section `"
                            + part.section.name() + "` adds " + wide.low() + " and " + wide.high()
                            + "; the first must be 0, the second a multiple of 8 below " + size);
        }
    }

    private List<Integer> targets(ElfReader.Part part, ObjectFunction owner, ElfImage.Symbol symbol) {
        ByteBuffer words = words(symbol, DiagnosticCode.O0116);
        List<Integer> targets = new ArrayList<>(words.remaining() / 8);
        while (words.hasRemaining()) {
            long word = words.getLong();
            long slot = word / 8;
            boolean valid = word >= 0
                    && word % 8 == 0
                    && slot >= owner.start()
                    && slot < owner.end()
                    && part.code.begins((int) slot);
            if (!valid) {
                throw ElfReader.broken(
                        DiagnosticCode.O0116,
                        "entry " + targets.size() + " of the jump table `" + symbol.name() + "` is byte "
                                + Long.toUnsignedString(word) + " of section `" + part.section.name()
                                + "`, where no instruction of `" + owner.name() + "` begins");
            }
            targets.add((int) slot);
        }
        return targets;
    }

    Reference functionTable(ElfReader.Part part, int slot, ElfImage.Symbol symbol) {
        FunctionTable table = functionTables.get(symbol.index());
        if (table == null) {
            boolean mutable = symbol.name().startsWith(Elf.MUTABLE_PREFIX);
            String prefix = mutable ? Elf.MUTABLE_PREFIX : Elf.TABLE_PREFIX;
            String name = symbol.name().startsWith(prefix) ? symbol.name().substring(prefix.length()) : symbol.name();
            if (symbol.size() == 0) {
                throw ElfReader.broken(
                        DiagnosticCode.O0121,
                        "the wide load at byte " + slot * 8L + " of section `" + part.section.name()
                                + "` refers to function tables without the symbol of one");
            }
            List<String> rows = rows(symbol);
            table = mutable
                    ? mutable(names.of(name), rows, candidates(Elf.CANDIDATES_PREFIX + name))
                    : FunctionTable.fixed(names.of(name), rows);
            functionTables.put(symbol.index(), table);
        }
        return new Reference.ToFunctionTable(table.name());
    }

    private static FunctionTable mutable(String name, List<String> rows, List<String> candidates) {
        return FunctionTable.mutable(name, rows, candidates, candidates.contains(""));
    }

    /** What the symbol of this name lists; without it, a row can only come to hold what a row holds. */
    private List<String> candidates(String name) {
        for (ElfImage.Symbol symbol : image.symbols()) {
            boolean defined =
                    symbol.section() > 0 && symbol.section() < image.sections().size();
            if (defined
                    && symbol.name().equals(name)
                    && image.sections().get(symbol.section()).name().equals(Elf.FUNCTION_TABLES)) {
                return rows(symbol);
            }
        }
        return List.of();
    }

    private List<String> rows(ElfImage.Symbol symbol) {
        ByteBuffer words = words(symbol, DiagnosticCode.O0121);
        ElfReader.Part text = parts.values().stream()
                .filter(part -> part.section.name().equals(BpfObject.TEXT))
                .findFirst()
                .orElseThrow(() -> ElfReader.broken(
                        DiagnosticCode.O0121, "there is a function table `" + symbol.name() + "`, but no `.text`"));
        List<String> rows = new ArrayList<>();
        while (words.hasRemaining()) {
            long word = words.getLong();
            if (word == -1) {
                rows.add("");
                continue;
            }
            int row = rows.size();
            rows.add((word % 8 == 0 ? text.startingAt(word / 8) : Optional.<ObjectFunction>empty())
                    .map(ObjectFunction::name)
                    .orElseThrow(() -> ElfReader.broken(
                            DiagnosticCode.O0121,
                            "row " + row + " of the function table `" + symbol.name() + "` is byte "
                                    + Long.toUnsignedString(word) + " of `.text`, where no function starts")));
        }
        return rows;
    }

    void readKeys() {
        ElfImage.Section section = image.section(Elf.STATIC_KEYS).orElse(null);
        if (section == null) {
            return;
        }
        Map<String, DebugType> described = new HashMap<>();
        btf.dataSection(Elf.STATIC_KEYS).ifPresent(all -> {
            for (BtfType.Placement placement : all.variables()) {
                btf.find(placement.variable())
                        .ifPresent(variable -> described.put(variable.name(), types.type(placement.variable())));
            }
        });
        Set<String> seen = new HashSet<>();
        for (ElfImage.Symbol symbol : image.symbols()) {
            if (symbol.section() != section.index() || !symbol.name().startsWith(ObjectKey.SYMBOL_PREFIX)) {
                continue;
            }
            String name = symbol.name().substring(ObjectKey.SYMBOL_PREFIX.length());
            if (symbol.size() != 8 || !seen.add(name)) {
                throw ElfReader.broken(
                        DiagnosticCode.O0120,
                        "the key `" + name + "` has " + Long.toUnsignedString(symbol.size())
                                + " bytes, or is there twice; it must have 8 and be there once");
            }
            long initial = words(symbol, DiagnosticCode.O0120).getLong();
            keys.put(symbol.index(), new ObjectKey(name, initial, described.getOrDefault(name, new DebugType.Void())));
        }
    }

    void readBranchSites() {
        ElfImage.Section section = image.section(Elf.STATIC_BRANCHES).orElse(null);
        if (section == null) {
            return;
        }
        ByteBuffer in = section.view();
        for (int at = 0; at < in.limit(); at += Elf.BRANCH_RECORD) {
            String where = "static branch record " + at / Elf.BRANCH_RECORD;
            if (in.limit() - at < Elf.BRANCH_RECORD) {
                throw ElfReader.broken(DiagnosticCode.O0120, where + " is cut short");
            }
            ElfReader.Part part = parts.get(in.getInt(at));
            ObjectKey key = keys.get(in.getInt(at + 12));
            if (part == null || key == null) {
                throw ElfReader.broken(
                        DiagnosticCode.O0120,
                        where + " names section " + in.getInt(at) + " and symbol " + in.getInt(at + 12)
                                + ", which must be a section of code and a key");
            }
            if ((in.getInt(at + 20) & ~Elf.BRANCH_FLAGS) != 0) {
                throw ElfReader.broken(
                        DiagnosticCode.O0120,
                        where + " has the flags 0x" + Integer.toHexString(in.getInt(at + 20))
                                + ", of which only 1 (inverse) and 2 (initially on) have a meaning");
            }
            int slot = in.getInt(at + 4) / 8;
            int target = in.getInt(at + 8) / 8;
            boolean aligned = in.getInt(at + 4) % 8 == 0 && in.getInt(at + 8) % 8 == 0;
            if (!aligned || !isSite(part, slot, target)) {
                throw ElfReader.broken(
                        DiagnosticCode.O0120,
                        where + " is for byte " + Integer.toUnsignedString(in.getInt(at + 4)) + " of section `"
                                + part.section.name() + "` with target byte "
                                + Integer.toUnsignedString(in.getInt(at + 8))
                                + "; they must be a static branch and an instruction of its function");
            }
            long value = Integer.toUnsignedLong(in.getInt(at + 16));
            part.sites.add(new ObjectBranchSite(slot, target, key.name(), value, (in.getInt(at + 20) & 1) != 0));
        }
        for (ElfReader.Part part : parts.values()) {
            part.sites.sort(Comparator.comparingInt(ObjectBranchSite::slot));
        }
    }

    private static boolean isSite(ElfReader.Part part, int slot, int target) {
        return part.code.find(slot).orElse(null) instanceof Insn.StaticJump
                && part.code.begins(target)
                && part.holding(slot).isPresent()
                && part.holding(slot).equals(part.holding(target));
    }
}
