package dev.turnout.driver.test;

import dev.turnout.bpf.codegen.Generated;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.DataSection;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.lower.HostService;
import dev.turnout.ir.eval.CheckedMemory;
import dev.turnout.ir.eval.EvaluationFailure;
import dev.turnout.ir.eval.Evaluator;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.Global;
import dev.turnout.ir.model.MapDeclaration;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Region;
import dev.turnout.runtime.engine.CodeCounts;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.map.Errno;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.stdlib.target.TargetProfile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The world that a test block is evaluated in. */
final class TestMemory extends CheckedMemory {
    private final Module module;
    private final TargetProfile target;
    private final Function<BpfObject, TestBed> loader;
    private final List<Span> checks;
    private final List<String> keyNames;
    private final Map<Long, MapDeclaration> maps = new LinkedHashMap<>();
    private final List<Shadow> entries = new ArrayList<>();
    private final TestPackets packets = new TestPackets(bytes -> allocate("packet", bytes, true));
    private final List<ByteString> texts = new ArrayList<>();
    private BpfObject object;
    private TestBed bed;

    /** The copy of an entry's value that a look-up gave out, and what the bed holds as far as we know. */
    private static final class Shadow {
        final MapDeclaration map;
        final ByteString key;
        final long address;
        final byte[] bytes;
        final byte[] known;

        Shadow(MapDeclaration map, ByteString key, long address, byte[] bytes) {
            this.map = map;
            this.key = key;
            this.address = address;
            this.bytes = bytes;
            this.known = bytes.clone();
        }
    }

    TestMemory(
            Module module,
            TargetProfile target,
            Generated generated,
            List<Span> checks,
            Function<BpfObject, TestBed> loader) {
        super(writable(module));
        this.module = module;
        this.target = target;
        this.loader = loader;
        this.checks = checks;
        this.keyNames = module.keys().stream().map(key -> key.name()).toList();
        this.object = generated.object();
        this.bed = loader.apply(object);
        for (MapDeclaration map : module.maps()) {
            maps.put(addressOf(Region.MAP, map.name()), map);
        }
    }

    /** A test may store to a {@code config}; it takes effect with {@code reload()}. */
    private static Module writable(Module module) {
        List<Global> globals = new ArrayList<>();
        for (Global global : module.globals()) {
            globals.add(
                    new Global(global.name(), Global.Section.DATA, global.initial(), global.align(), global.type()));
        }
        return new Module(
                module.name(),
                module.license(),
                globals,
                module.maps(),
                module.keys(),
                module.tables(),
                module.fields(),
                module.kernelFunctions(),
                module.functions());
    }

    void close() {
        bed.close();
    }

    // --- globals and entries travel to the bed before a run, and back behind it

    private void carryOver() {
        carryData(false);
        for (Shadow shadow : entries) {
            if (!java.util.Arrays.equals(shadow.bytes, shadow.known)) {
                bed.update(shadow.map.name(), shadow.key, ByteString.copyOf(shadow.bytes), 0);
                System.arraycopy(shadow.bytes, 0, shadow.known, 0, shadow.known.length);
            }
        }
    }

    private void carryBack() {
        for (DataSection section : object.data()) {
            if (section.frozen()) {
                continue;
            }
            bed.data(section.name()).ifPresent(bytes -> {
                for (DataSection.Variable variable : section.variables()) {
                    if (isGlobal(variable.name())) {
                        long at = addressOf(Region.GLOBAL, variable.name());
                        for (int i = 0; i < variable.size(); i++) {
                            store(at + i, 1, bytes.at(variable.offset() + i));
                        }
                    }
                }
            });
        }
        for (Shadow shadow : entries) {
            bed.lookup(shadow.map.name(), shadow.key).ifPresent(value -> {
                System.arraycopy(value.toArray(), 0, shadow.bytes, 0, shadow.bytes.length);
                System.arraycopy(value.toArray(), 0, shadow.known, 0, shadow.known.length);
            });
        }
    }

    private boolean isGlobal(String name) {
        return module.globals().stream().anyMatch(global -> global.name().equals(name));
    }

    /** Writes the variables of the frozen sections, or of the others, as the test now has them. */
    private void carryData(boolean frozen) {
        List<DataSection> sections = new ArrayList<>();
        for (DataSection section : object.data()) {
            if (section.frozen() != frozen) {
                sections.add(section);
                continue;
            }
            byte[] bytes = (frozen ? section.bytes() : bed.data(section.name()).orElse(section.bytes())).toArray();
            for (DataSection.Variable variable : section.variables()) {
                if (isGlobal(variable.name())) {
                    long at = addressOf(Region.GLOBAL, variable.name());
                    for (int i = 0; i < variable.size(); i++) {
                        bytes[variable.offset() + i] = (byte) load(at + i, 1);
                    }
                }
            }
            if (frozen) {
                sections.add(new DataSection(
                        section.name(), ByteString.copyOf(bytes), section.align(), section.variables()));
            } else {
                bed.writeData(section.name(), ByteString.copyOf(bytes));
                sections.add(section);
            }
        }
        if (frozen) {
            object = object.withData(sections);
        }
    }

    /** Loads anew: read-only data as the test has it, everything else as at the start. */
    private long reload() {
        carryData(true);
        bed.close();
        bed = loader.apply(object);
        entries.clear();
        for (Global global : module.globals()) {
            if (global.section() != Global.Section.RODATA) {
                long at = addressOf(Region.GLOBAL, global.name());
                for (int i = 0; i < global.size(); i++) {
                    store(at + i, 1, global.initial().at(i));
                }
            }
        }
        return 0;
    }

    // --- what programs call too

    @Override
    public long callHelper(String helper, long[] arguments, Evaluator evaluator) {
        return switch (helper) {
            case "map_lookup_elem" -> lookup(map(arguments[0]), arguments[1]);
            case "map_update_elem" -> update(map(arguments[0]), arguments[1], arguments[2], arguments[3]);
            case "map_delete_elem" -> delete(map(arguments[0]), arguments[1]);
            case "map_push_elem" -> push(map(arguments[0]), arguments[1], arguments[2]);
            case "map_pop_elem" -> next(bed.pop(map(arguments[0]).name()), arguments[1]);
            case "map_peek_elem" -> peek(map(arguments[0]), arguments[1]);
            default ->
                throw new EvaluationFailure(
                        "a test cannot call `" + helper + "` itself; call it in a program that it runs");
        };
    }

    private MapDeclaration map(long address) {
        MapDeclaration map = maps.get(address);
        if (map == null) {
            throw new EvaluationFailure("0x" + Long.toHexString(address) + " is no map");
        }
        return map;
    }

    private ByteString bytes(long address, long size) {
        byte[] bytes = new byte[(int) size];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) load(address + i, 1);
        }
        return ByteString.copyOf(bytes);
    }

    /** One copy an entry, so that two references to it show the same. */
    private long lookup(MapDeclaration map, long keyAddress) {
        if (map.inner().isPresent()) {
            return inside(map, keyAddress);
        }
        carryOver();
        ByteString key = bytes(keyAddress, keySize(map));
        Optional<ByteString> value = bed.lookup(map.name(), key);
        if (value.isEmpty()) {
            return 0;
        }
        for (Shadow shadow : entries) {
            if (shadow.map.name().equals(map.name()) && shadow.key.equals(key)) {
                return shadow.address;
            }
        }
        byte[] copy = value.get().toArray();
        Shadow shadow = new Shadow(map, key, allocate(map.name(), copy, true), copy);
        entries.add(shadow);
        return shadow.address;
    }

    /** A map in a map of maps, or 0. Programs and tests put none there, so it is what the object put there at load. */
    private long inside(MapDeclaration outer, long keyAddress) {
        if (keySize(outer) != 4) {
            return 0;
        }
        long key = load(keyAddress, 4);
        return outer.rows().stream()
                .filter(row -> row.index() == key)
                .findFirst()
                .map(row -> addressOf(Region.MAP, row.symbol()))
                .orElse(0L);
    }

    private static long keySize(MapDeclaration map) {
        return Math.max(map.key().size(), isIndexed(map) ? 4 : 0);
    }

    private static boolean isIndexed(MapDeclaration map) {
        return MapKind.ofWord(map.kind())
                .map(kind -> kind.keys() == MapKind.Keys.INDEX)
                .orElse(false);
    }

    private long update(MapDeclaration map, long keyAddress, long valueAddress, long flags) {
        carryOver();
        ByteString key = bytes(keyAddress, keySize(map));
        int result = bed.update(map.name(), key, bytes(valueAddress, map.value().size()), flags);
        carryBack();
        return result;
    }

    private long delete(MapDeclaration map, long keyAddress) {
        carryOver();
        ByteString key = bytes(keyAddress, keySize(map));
        entries.removeIf(shadow -> shadow.map.name().equals(map.name()) && shadow.key.equals(key));
        return bed.delete(map.name(), key);
    }

    private long push(MapDeclaration map, long valueAddress, long flags) {
        return bed.push(map.name(), bytes(valueAddress, map.value().size()), flags);
    }

    private long peek(MapDeclaration map, long value) {
        return isFilter(map)
                ? bed.holds(map.name(), bytes(value, map.value().size())) ? 0 : -Errno.ENOENT
                : next(bed.peek(map.name()), value);
    }

    private static boolean isFilter(MapDeclaration map) {
        return MapKind.ofWord(map.kind()).equals(Optional.of(MapKind.BLOOM_FILTER));
    }

    /** What a queue or stack gave, where the test wants it. */
    private long next(Optional<ByteString> value, long to) {
        if (value.isEmpty()) {
            return -Errno.ENOENT;
        }
        for (int i = 0; i < value.get().size(); i++) {
            store(to + i, 1, value.get().at(i));
        }
        return 0;
    }

    // --- what only tests have

    @Override
    public long callHost(String word, long[] given, Evaluator evaluator) {
        HostService service =
                HostService.ofWord(word).orElseThrow(() -> new IllegalStateException("no service " + word));
        return switch (service) {
            case EXPECT -> {
                if ((given[0] & 1) == 0) {
                    throw new FailedCheck(checks.get((int) given[1]), "does not hold");
                }
                yield 0;
            }
            case FAIL -> throw new FailedCheck(checks.get((int) given[0]), "has no value");
            case RUN -> runPacket(given, ByteString.EMPTY);
            case RUN_CONTEXT -> runContext(given);
            case RUN_BOTH -> runPacket(given, bytes(given[2], given[3]));
            case USER_MEMORY -> bed.userMemory(bytes(given[0], given[1]));
            case PACKET -> packets.make(new byte[0]);
            case APPEND -> {
                packets.append(given[0], bytes(given[1], given[2]).toArray());
                yield 0;
            }
            case CUT -> packets.cut(given[0], given[1]);
            case BYTES_AT -> packets.at(given[0], given[1], given[2]);
            case LENGTH -> packets.length(given[0]);
            case CLOCK -> {
                bed.clock(given[0]);
                yield 0;
            }
            case OUTPUT -> output();
            case TEXT_EQUALS -> texts.get((int) given[0]).equals(bytes(given[1], given[2])) ? 1 : 0;
            case SET_KEY -> {
                bed.key(keyNames.get((int) given[0]), given[1]);
                yield 0;
            }
            case RELOAD -> reload();
            case ENTRIES -> {
                carryOver();
                yield bed.entries(map(given[0]).name());
            }
            case EVENTS -> bed.events(map(given[0]).name());
            case NEXT_EVENT -> nextEvent(map(given[0]).name(), given[1], (int) given[2]);
            case TEXT -> text(given[0], given[1]);
            case TABLES -> counts(given[0]).tables();
            case GOTOX -> counts(given[0]).gotox();
            case CALLX -> counts(given[0]).callx();
            case NOPS -> counts(given[0]).nops();
            case SITES -> inspected().sites(keyNames.get((int) given[0]));
        };
    }

    /** Other targets have other forms, so that a count made there would say nothing of what the text demands. */
    private TestBed inspected() {
        if (target != TargetProfile.VM) {
            throw new SkippedTest("code is inspected as it is made for `vm`, not for `" + target.word() + "`");
        }
        return bed;
    }

    private CodeCounts counts(long function) {
        String name = functionAt(function);
        return inspected()
                .counts(WrittenFunction.of(module, name))
                .orElseThrow(() -> new BedFailure(List.of(Diagnostic.general(
                        DiagnosticCode.T0104, "no program reaches `" + name + "`, so there is no code of it"))));
    }

    private long runContext(long[] given) {
        carryOver();
        ByteString all = bytes(given[1], given[2]);
        int size = (int) (given[2] - given[3]);
        Input.Memory context = new Input.Memory(all.slice(0, size), all.slice(size, all.size()));
        TestBed.Outcome outcome = bed.run(functionAt(given[0]), context);
        byte[] after = outcome.output().toArray();
        for (int i = 0; i < Math.min(size, after.length); i++) {
            store(given[1] + i, 1, after[i]);
        }
        carryBack();
        return outcome.result();
    }

    private long runPacket(long[] given, ByteString context) {
        carryOver();
        String program = functionAt(given[0]);
        ByteString frame = ByteString.copyOf(packets.bytes(given[1]));
        TestBed.Outcome outcome = bed.run(program, new Input.Packet(frame, context));
        packets.ran(given[1], typeOf(program), outcome.output().toArray());
        carryBack();
        return outcome.result();
    }

    private ProgramType typeOf(String program) {
        return module.function(program)
                .map(dev.turnout.ir.model.Function::kind)
                .filter(dev.turnout.ir.model.Function.Kind.Program.class::isInstance)
                .flatMap(kind -> ProgramType.ofWord(((dev.turnout.ir.model.Function.Kind.Program) kind).type()))
                .orElseThrow();
    }

    /** Where a copy of the oldest record lies; 0 if there is none. */
    private long nextEvent(String map, long size, int check) {
        Optional<ByteString> record = bed.nextEvent(map);
        if (record.isEmpty()) {
            return 0;
        }
        if (record.get().size() != size) {
            throw new FailedCheck(
                    checks.get(check), "is a record of " + record.get().size() + " bytes, not of " + size);
        }
        return allocate(map, record.get().toArray(), true);
    }

    private long text(long address, long size) {
        byte[] all = bytes(address, size).toArray();
        int end = 0;
        while (end < all.length && all[end] != 0) {
            end++;
        }
        texts.add(ByteString.copyOf(java.util.Arrays.copyOf(all, end)));
        return texts.size() - 1L;
    }

    private long output() {
        StringBuilder all = new StringBuilder();
        for (String line : bed.output()) {
            all.append(line).append('\n');
        }
        texts.add(ByteString.copyOf(all.toString().getBytes(StandardCharsets.UTF_8)));
        return texts.size() - 1L;
    }

    /** An expectation that did not come true. */
    static final class FailedCheck extends RuntimeException {
        @java.io.Serial
        private static final long serialVersionUID = 1;

        private final transient @Nullable Span span;
        private final String what;

        FailedCheck(Span span, String what) {
            super(what, null, false, false);
            this.span = span;
            this.what = what;
        }

        Diagnostic diagnostic(String test, String engine) {
            String message = "test \"" + test + "\" fails on " + engine;
            return span == null
                    ? Diagnostic.general(DiagnosticCode.T0101, message)
                    : Diagnostic.at(span, DiagnosticCode.T0101, message).labelled(what);
        }
    }
}
