package dev.turnout.driver.test;

import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.object.ObjectMap;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.load.ProgramTables;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.load.KernelEntry;
import dev.turnout.linux.load.KernelMap;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.linux.load.KernelProgram;
import dev.turnout.linux.load.TestRun;
import dev.turnout.linux.report.KernelErrors;
import dev.turnout.linux.syscall.CpuAffinity;
import dev.turnout.runtime.engine.CodeCounts;
import dev.turnout.runtime.engine.Input;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramSection;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** An object in the running kernel. The thread stays on one CPU, whose per-CPU values the test sees. */
final class KernelBed implements TestBed {
    private static final ByteString FIRST = ByteString.zeros(4);

    private final BpfObject object;
    private final KernelObject kernel = new KernelObject();
    private final Map<String, KernelProgram> programs = new LinkedHashMap<>();
    private final Arena memory = Arena.ofConfined();
    private final CpuAffinity affinity = CpuAffinity.first();

    private KernelBed(BpfObject object) {
        this.object = object;
    }

    /**
     * Loads all programs but those of optional sections that no program array holds, which a test may have loaded by running them; a
     * failure says what the kernel refused.
     */
    static KernelBed load(BpfObject object) {
        KernelBed bed = new KernelBed(object);
        Diagnostics diagnostics = new Diagnostics();
        Set<String> held = ProgramTables.filled(object).stream()
                .flatMap(table -> table.rows().stream())
                .map(ObjectMap.Row::symbol)
                .collect(Collectors.toSet());
        for (ObjectFunction function : object.programs()) {
            String section = object.sectionOf(function.name()).orElseThrow().name();
            if (ProgramSection.isOptional(section) && !held.contains(function.name())) {
                continue;
            }
            ProgramLoader.load(object, function.name(), diagnostics)
                    .flatMap(program -> bed.kernel.load(program, diagnostics))
                    .ifPresent(program -> bed.programs.put(function.name(), program));
        }
        if (diagnostics.hasErrors()
                || !bed.kernel.fill(ProgramTables.filled(object), diagnostics)
                || !bed.kernel.nest(object.maps(), diagnostics)) {
            bed.close();
            throw new BedFailure(diagnostics.all());
        }
        return bed;
    }

    /** A program that is loaded because a test runs it. Rows of maps that were there before are what the test has made of them. */
    private KernelProgram late(String name) {
        Diagnostics diagnostics = new Diagnostics();
        Set<String> before = Set.copyOf(kernel.maps().keySet());
        List<ObjectMap> tables = ProgramTables.filled(object).stream()
                .filter(table -> !before.contains(table.name()))
                .toList();
        List<ObjectMap> declared = object.maps().stream()
                .filter(map -> map.kind().valueKind() != MapKind.Values.MAP || !before.contains(map.name()))
                .toList();
        return ProgramLoader.load(object, name, diagnostics)
                .flatMap(program -> kernel.load(program, diagnostics))
                .filter(_ -> kernel.fill(tables, diagnostics) && kernel.nest(declared, diagnostics))
                .orElseThrow(() -> new BedFailure(diagnostics.all()));
    }

    @Override
    public String engine() {
        return "kernel";
    }

    @Override
    public Outcome run(String name, Input input) {
        KernelProgram program = programs.computeIfAbsent(name, this::late);
        TestRun run = switch (input) {
            case Input.Packet(ByteString frame, ByteString context) -> {
                if (!program.takes(frame)) {
                    throw new SkippedTest("Linux's test run takes no frame of " + frame.size() + " bytes");
                }
                yield program.run(frame, context, 1);
            }
            case Input.Memory(ByteString bytes, ByteString behind) -> {
                yield program.runContext(behind.size() == 0 ? bytes : leadingTo(behind, bytes), 1);
            }
        };
        return switch (run) {
            case TestRun.Ran ran ->
                new Outcome(ran.result(), input instanceof Input.Packet ? ran.output() : ran.context());
            case TestRun.Refused refused ->
                throw new SkippedTest(
                        refused.error() == KernelErrors.ENOTSUPP
                                ? "Linux has no test run of `"
                                        + program.program().type().orElseThrow().word() + "` programs"
                                : "Linux's test run refuses this input with error " + refused.error());
        };
    }

    /** A context whose first field is the address of {@code behind}. */
    private ByteString leadingTo(ByteString behind, ByteString context) {
        byte[] bytes = context.toArray();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, userMemory(behind));
        return ByteString.copyOf(bytes);
    }

    /** The test run happens in this process: its memory is what the kernel takes for the user's. */
    @Override
    public long userMemory(ByteString bytes) {
        MemorySegment copy = memory.allocate(Math.max(bytes.size(), 1), 8);
        MemorySegment.copy(MemorySegment.ofArray(bytes.toArray()), 0, copy, 0, bytes.size());
        return copy.address();
    }

    private KernelMap used(String name) {
        return Optional.ofNullable(kernel.maps().get(name))
                .orElseThrow(() -> new BedFailure(List.of(Diagnostic.general(
                        DiagnosticCode.T0102, "no program uses map `" + name + "`, so it is not loaded"))));
    }

    private int slot(KernelMap map) {
        return map.definition().kind().perCpu() ? affinity.cpu() : 0;
    }

    @Override
    public Optional<ByteString> lookup(String map, ByteString key) {
        KernelMap target = used(map);
        List<ByteString> values = target.read(key);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(slot(target)));
    }

    @Override
    public int update(String map, ByteString key, ByteString value, long flags) {
        KernelMap target = used(map);
        List<ByteString> values = new ArrayList<>(target.read(key));
        while (values.size() < target.slots()) {
            values.add(ByteString.zeros(value.size()));
        }
        values.set(slot(target), value);
        int result = target.update(key, values, flags);
        if (result == -KernelErrors.EINVAL && target.definition().kind().valueKind() == MapKind.Values.OTHER) {
            throw new SkippedTest("the machine has none of what the test puts into map `" + map + "`");
        }
        return result;
    }

    @Override
    public int delete(String map, ByteString key) {
        return used(map).delete(key);
    }

    @Override
    public int push(String map, ByteString value, long flags) {
        return used(map).update(ByteString.EMPTY, List.of(value), flags);
    }

    @Override
    public Optional<ByteString> pop(String map) {
        return used(map).lookupAndDelete(ByteString.EMPTY, 0).bytes().stream().findFirst();
    }

    @Override
    public Optional<ByteString> peek(String map) {
        return used(map).lookup(ByteString.EMPTY, 0).bytes().stream().findFirst();
    }

    @Override
    public boolean holds(String map, ByteString value) {
        return used(map).holds(value) == 0;
    }

    @Override
    public int entries(String map) {
        KernelMap target = used(map);
        if (target.definition().kind().keys() == MapKind.Keys.NONE) {
            throw new SkippedTest("the kernel does not say how many values map `" + map + "` holds");
        }
        return target.entries().size();
    }

    @Override
    public Map<String, Map<ByteString, ByteString>> contents() {
        Map<String, Map<ByteString, ByteString>> all = new LinkedHashMap<>();
        kernel.maps().forEach((name, map) -> {
            if (TestBed.isShown(map.definition())) {
                boolean indexed = map.definition().kind().keys() == MapKind.Keys.INDEX;
                Map<ByteString, ByteString> held = new LinkedHashMap<>();
                for (KernelEntry entry : map.entries()) {
                    ByteString value = entry.values().get(slot(map));
                    if (!indexed || !value.isZero()) {
                        held.put(entry.key(), value);
                    }
                }
                all.put(name, held);
            }
        });
        return all;
    }

    @Override
    public int events(String map) {
        return used(map).records().size();
    }

    @Override
    public Optional<ByteString> nextEvent(String map) {
        return used(map).takeRecord();
    }

    @Override
    public Optional<ByteString> data(String section) {
        return Optional.ofNullable(kernel.maps().get(section))
                .map(map -> map.read(FIRST).getFirst());
    }

    @Override
    public void writeData(String section, ByteString bytes) {
        KernelMap map = kernel.maps().get(section);
        if (map != null) {
            map.update(FIRST, List.of(bytes), 0);
        }
    }

    @Override
    public void clock(long nanos) {
        throw new SkippedTest("the kernel's clock cannot be set");
    }

    @Override
    public void key(String name, long value) {
        if (!KeyBytes.set(this, object, name, value)) {
            throw new SkippedTest("the object has no key `" + name + "` on this target");
        }
    }

    @Override
    public Optional<CodeCounts> counts(WrittenFunction function) {
        throw new SkippedTest("what the kernel makes of the code is not looked at");
    }

    @Override
    public int sites(String key) {
        throw new SkippedTest("what the kernel makes of the code is not looked at");
    }

    @Override
    public List<String> output() {
        throw new SkippedTest("what programs print in the kernel is not read back");
    }

    @Override
    public void close() {
        kernel.close();
        affinity.close();
        memory.close();
    }
}
