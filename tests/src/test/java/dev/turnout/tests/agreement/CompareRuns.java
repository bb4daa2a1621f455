package dev.turnout.tests.agreement;

import dev.turnout.bpf.asm.Policy;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.ElfReader;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.json.DatumJson;
import dev.turnout.driver.load.EngineRow;
import dev.turnout.driver.load.Loader;
import dev.turnout.driver.run.KernelRun;
import dev.turnout.driver.run.KeyWatch;
import dev.turnout.driver.run.MachineRun;
import dev.turnout.driver.run.RunReport;
import dev.turnout.driver.run.RunRequest;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.Engine;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.engine.RunFault;
import dev.turnout.runtime.helper.World;
import dev.turnout.runtime.map.Datum;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.program.ProgramType;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Runs other people's programs here and in the running kernel, and counts by type where they end alike: {@code tests/compare-runs}. */
final class CompareRuns {
    private static final List<Input> FRAMES = List.of(
            frame("020000000001020000000002" + "0800" + "4500003c000040004006b6ce0a0000010a000002"
                    + "303900500000000100000002500220000000000068656c6c6f"),
            frame("020000000001020000000002" + "0800" + "450000300000000040117ad60a0000010a000002"
                    + "3039003500100000"),
            frame("020000000001020000000002" + "86dd"
                    + "6000000000143a4020010db800000000000000000000000120010db8000000000000" + "000000000002"
                    + "8000000000010001"),
            frame("ffffffffffff020000000002" + "0806" + "00010800060400010200000000020a000002"));

    private static final Set<HelperFunction> CHANCE = EnumSet.of(
            HelperFunction.GET_PRANDOM_U32,
            HelperFunction.KTIME_GET_NS,
            HelperFunction.GET_STACK,
            HelperFunction.GET_STACKID);

    private CompareRuns() {}

    private static Input frame(String hex) {
        byte[] bytes = new byte[100];
        byte[] given = HexFormat.of().parseHex(hex);
        System.arraycopy(given, 0, bytes, 0, given.length);
        return new Input.Packet(ByteString.copyOf(bytes));
    }

    /** How a program fared. The first words are what is counted. */
    private record Fate(String kind, String detail) {}

    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (args.length == 0) {
            out.println("DIR [GLOB]");
            System.exit(2);
        }
        PathMatcher only = FileSystems.getDefault().getPathMatcher("glob:" + (args.length > 1 ? args[1] : "*.o"));
        Map<String, Map<String, Integer>> counts = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of(args[0]))) {
            for (Path file : files.filter(one -> only.matches(one.getFileName()))
                    .sorted()
                    .toList()) {
                Diagnostics diagnostics = new Diagnostics();
                Optional<BpfObject> object =
                        ElfReader.read(ByteString.copyOf(Files.readAllBytes(file)), Policy.LINUX, diagnostics);
                if (object.isPresent()) {
                    all(object.get(), file.getFileName().toString(), counts, out);
                }
            }
        }
        counts.forEach((type, fates) -> {
            out.println(type);
            fates.forEach((kind, count) -> out.printf("  %5d  %s%n", count, kind));
        });
        System.exit(0);
    }

    private static void all(BpfObject object, String file, Map<String, Map<String, Integer>> counts, PrintStream out) {
        for (ObjectFunction function : object.programs()) {
            Optional<BpfProgram> program = ProgramLoader.load(object, function.name(), new Diagnostics());
            Optional<ProgramType> type = program.flatMap(BpfProgram::type).filter(CompareRuns::hasTestRun);
            if (type.isEmpty() || program.get().needsKernelTypes()) {
                continue;
            }
            for (EngineRow row : EngineRow.values()) {
                if (row.availability() instanceof EngineRow.Availability.Here(Engine engine)) {
                    out.print(file + " " + function.name() + " " + engine.name() + ": ");
                    out.flush();
                    Fate fate = fate(object, program.get(), type.get(), engine);
                    out.println(fate.kind() + " " + fate.detail());
                    counts.computeIfAbsent(type.get().word() + " " + engine.name(), _ -> new TreeMap<>())
                            .merge(fate.kind(), 1, Integer::sum);
                }
            }
        }
    }

    private static boolean hasTestRun(ProgramType type) {
        return switch (type.feed()) {
            case ETHERNET -> true;
            case NETWORK_HEADER -> type != ProgramType.LWT_SEG6LOCAL;
            case NONE ->
                type == ProgramType.RAW_TRACEPOINT || type == ProgramType.SYSCALL || type == ProgramType.SK_LOOKUP;
            case BYTES -> false;
        };
    }

    private static RunRequest request(BpfProgram program, ProgramType type) {
        boolean packets = type.feed() != ProgramType.Feed.NONE;
        Optional<Datum> context = packets
                ? Optional.empty()
                : Optional.of(
                        switch (type) {
                            case SK_LOOKUP ->
                                new Datum.Fields(Map.of("family", Datum.of(2), "local_port", Datum.of(7)));
                            case SYSCALL -> new Datum.Text("00".repeat(256));
                            default -> new Datum.Text("00".repeat(96));
                        });
        return new RunRequest(
                Optional.of(program.name()),
                packets ? FRAMES : List.of(),
                context,
                new PacketFeed(true),
                1,
                Map.of(),
                Map.of(),
                KeyWatch.NONE);
    }

    private static Fate fate(BpfObject object, BpfProgram program, ProgramType type, Engine engine) {
        RunRequest request = request(program, type);
        Diagnostics diagnostics = new Diagnostics();
        Optional<RunReport> here;
        try {
            here = MachineRun.run(object, request, Loader.linux(engine), World.host(line -> {}), diagnostics);
        } catch (RunFault fault) {
            return new Fate("fault", fault.diagnostic().message());
        } catch (RuntimeException e) {
            return new Fate("broken", e.toString());
        }
        Diagnostics theirs = new Diagnostics();
        Optional<RunReport> there = KernelRun.run(object, request, theirs);
        if (there.isEmpty()) {
            return new Fate(here.isPresent() ? "kernel refuses" : "both refuse", message(theirs));
        }
        if (here.isEmpty()) {
            Diagnostic first = diagnostics.all().getFirst();
            return new Fate("cannot run " + first.code(), first.message());
        }
        if (!here.get().results().equals(there.get().results())) {
            return new Fate(
                    byChance(program) ? "by chance" : "other results",
                    here.get().results() + " and in the kernel " + there.get().results());
        }
        if (!shown(here.get().context()).equals(shown(there.get().context()))) {
            return new Fate(
                    "other context",
                    shown(here.get().context()) + " and in the kernel "
                            + shown(there.get().context()));
        }
        for (Map.Entry<String, Datum> map : there.get().maps().entrySet()) {
            Datum mine = here.get().maps().get(map.getKey());
            if (mine != null && !plain(mine).equals(plain(map.getValue()))) {
                return new Fate(
                        byChance(program) ? "by chance" : "other map",
                        map.getKey() + " " + cut(DatumJson.print(mine)) + " and in the kernel "
                                + cut(DatumJson.print(map.getValue())));
            }
        }
        return new Fate("alike", there.get().results().toString());
    }

    /** Whether it asks for what is different each time. */
    private static boolean byChance(BpfProgram program) {
        return program.code().insns().stream()
                .anyMatch(insn -> insn instanceof Insn.CallHelper call
                        && HelperFunction.ofId(call.id())
                                .filter(CHANCE::contains)
                                .isPresent());
    }

    /** Without the values of CPUs on which nothing ran, of which there are as many as a machine has. */
    private static Datum plain(Datum map) {
        if (!(map instanceof Datum.Fields(Map<String, Datum> fields))
                || !DatumJson.print(fields.getOrDefault("kind", Datum.of(0))).contains("percpu")
                || !(fields.get("entries") instanceof Datum.Items(List<Datum> entries))) {
            return map;
        }
        List<Datum> shown = new ArrayList<>();
        for (Datum entry : entries) {
            if (entry instanceof Datum.Fields(Map<String, Datum> parts)
                    && parts.get("value") instanceof Datum.Items(List<Datum> slots)) {
                List<Datum> used = slots.stream()
                        .filter(slot -> !DatumJson.print(slot).matches("[^1-9]*"))
                        .toList();
                shown.add(new Datum.Items(List.of(parts.getOrDefault("key", Datum.of(0)), new Datum.Items(used))));
            }
        }
        return new Datum.Items(shown);
    }

    private static String shown(Optional<Datum> context) {
        return context.map(DatumJson::print).orElse("");
    }

    private static String cut(String text) {
        return text.length() > 300 ? text.substring(0, 300) + "…" : text;
    }

    private static String message(Diagnostics diagnostics) {
        return diagnostics.all().isEmpty() ? "" : diagnostics.all().getFirst().message();
    }
}
