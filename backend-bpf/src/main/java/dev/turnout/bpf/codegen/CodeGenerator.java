package dev.turnout.bpf.codegen;

import dev.turnout.bpf.frame.FrameLayout;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.layout.BlockThreading;
import dev.turnout.bpf.layout.FunctionCode;
import dev.turnout.bpf.layout.FunctionEmitter;
import dev.turnout.bpf.lower.Lowered;
import dev.turnout.bpf.lower.TargetLowering;
import dev.turnout.bpf.machine.MachineFunction;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.CodeSection;
import dev.turnout.bpf.object.FunctionTable;
import dev.turnout.bpf.object.JumpTable;
import dev.turnout.bpf.object.ObjectBranchSite;
import dev.turnout.bpf.object.ObjectExtern;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.object.ObjectKey;
import dev.turnout.bpf.object.ObjectMap;
import dev.turnout.bpf.object.ObjectTypes;
import dev.turnout.bpf.object.Reference;
import dev.turnout.bpf.object.Relocation;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.LineInfo;
import dev.turnout.bpf.regalloc.Allocation;
import dev.turnout.bpf.regalloc.ClearDeadRegisters;
import dev.turnout.bpf.regalloc.RegisterAllocator;
import dev.turnout.bpf.regalloc.RemoveReloads;
import dev.turnout.bpf.select.InstructionSelector;
import dev.turnout.bpf.select.SelectionContext;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.analysis.CallTargets;
import dev.turnout.ir.model.CallTable;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Key;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Operation;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes an object of a module. */
public final class CodeGenerator {
    private final Module module;
    private final TargetProfile target;
    private final Diagnostics diagnostics;
    private final Places places;
    private final ObjectLayout layout;
    private final LoweringReport report = new LoweringReport();
    private final TargetLowering lowering;
    private final Map<String, Integer> tableCount = new HashMap<>();
    private final Map<String, SectionDraft> drafts = new LinkedHashMap<>();
    private final List<JumpTable> jumpTables = new ArrayList<>();
    private final FrameChains frames;

    /** A code section in the making. */
    private static final class SectionDraft {
        final List<Insn> insns = new ArrayList<>();
        final List<ObjectFunction> functions = new ArrayList<>();
        final List<Relocation> relocations = new ArrayList<>();
        final List<ObjectBranchSite> sites = new ArrayList<>();
        final List<LineInfo> lines = new ArrayList<>();
        int slots;
    }

    private CodeGenerator(
            Module module, TargetProfile target, Options options, boolean callbacks, Diagnostics diagnostics) {
        boolean strict = options.strictLowering();
        this.target = target;
        this.diagnostics = diagnostics;
        this.places = new Places(options.sources());
        TargetLowering.Listener listener = new TargetLowering.Listener() {
            @Override
            public void became(String function, Location at, String construct, String form, String reason) {
                report.add(function, at, construct, form, reason);
            }

            @Override
            public void refused(Location at, DiagnosticCode code, String message, String note, String help) {
                diagnostics.report(
                        places.diagnostic(at, code, message).withNote(note).withHelp(help));
            }
        };
        this.module = TargetLowering.calls(
                module, Reachable.functions(module), Reachable.tables(module), target, strict, listener);
        this.lowering = new TargetLowering(this.module, target, strict, callbacks, listener);
        this.layout = ObjectLayout.of(this.module, lowering.keyBytes());
        this.frames = new FrameChains(
                this.module,
                CallTargets.of(Reachable.tables(this.module), Reachable.functions(this.module)),
                target,
                diagnostics,
                places);
    }

    /**
     * The object of a module, whose claims ({@code prove}) have been discharged. Mistakes that only the target shows (a
     * table that cannot be, a frame that is too large) are reported with codes E04xx; the object is then not to be used.
     */
    public static BpfObject generate(Module module, TargetProfile target, Options options, Diagnostics diagnostics) {
        return generateWithReport(module, target, options, diagnostics).object();
    }

    /** The same, with what each construct became. */
    public static Generated generateWithReport(
            Module module, TargetProfile target, Options options, Diagnostics diagnostics) {
        if (!target.has(TargetProfile.Feature.MAY_GOTO)) {
            // Loops that become callbacks need room in frames. Where there is none, they stay as they are.
            Diagnostics first = new Diagnostics();
            Generated generated = generate(module, target, options, true, first);
            if (first.all().stream().noneMatch(one -> one.code() == DiagnosticCode.E0416)) {
                first.all().forEach(diagnostics::report);
                return generated;
            }
        }
        return generate(module, target, options, false, diagnostics);
    }

    private static Generated generate(
            Module module, TargetProfile target, Options options, boolean callbacks, Diagnostics diagnostics) {
        CodeGenerator generator = new CodeGenerator(module, target, options, callbacks, diagnostics);
        return new Generated(generator.run(), generator.report);
    }

    private BpfObject run() {
        for (Function function : Reachable.functions(module)) {
            String section = switch (function.kind()) {
                case Function.Kind.Program program -> program.section();
                case Function.Kind.Subprogram _, Function.Kind.Test _ -> BpfObject.TEXT;
            };
            emit(function, drafts.computeIfAbsent(section, _ -> new SectionDraft()));
        }
        frames.check();
        List<CodeSection> sections = new ArrayList<>(drafts.size());
        drafts.forEach((name, draft) -> sections.add(new CodeSection(
                name, Code.of(draft.insns), draft.functions, draft.relocations, draft.sites, draft.lines, List.of())));
        List<FunctionTable> tables = new ArrayList<>();
        for (CallTable table : Reachable.tables(module)) {
            tables.add(
                    table.mutable()
                            ? FunctionTable.mutable(table.name(), table.rows(), table.candidates(), table.nullable())
                            : FunctionTable.fixed(table.name(), table.rows()));
        }
        List<ObjectKey> keys = new ArrayList<>();
        if (target.has(TargetProfile.Feature.STATIC_BRANCH)) {
            for (Key key : module.keys()) {
                keys.add(new ObjectKey(key.name(), key.initial(), key.type()));
            }
        }
        return new BpfObject(
                module.license(),
                sections,
                layout.sections(),
                module.maps().stream().map(ObjectMap::of).toList(),
                jumpTables,
                tables,
                keys,
                externs(sections),
                List.of(),
                ObjectTypes.NONE);
    }

    /** The functions of the kernel that code calls. */
    private List<ObjectExtern> externs(List<CodeSection> sections) {
        Set<String> called = new HashSet<>();
        for (CodeSection section : sections) {
            for (Relocation relocation : section.relocations()) {
                if (relocation.to() instanceof Reference.ToKernelFunction(String name)) {
                    called.add(name);
                }
            }
        }
        return module.kernelFunctions().stream()
                .filter(one -> called.contains(one.name()))
                .map(one -> ObjectExtern.function(one.name(), one.signature()))
                .toList();
    }

    private void emit(Function original, SectionDraft section) {
        Lowered lowered = lowering.lower(original);
        lowered.tables().forEach(layout::addTable);
        emitLowered(lowered.function(), section);
        for (Function callback : lowered.callbacks()) {
            emitLowered(callback, drafts.computeIfAbsent(BpfObject.TEXT, _ -> new SectionDraft()));
        }
    }

    private void emitLowered(Function function, SectionDraft section) {
        MachineFunction machine = InstructionSelector.select(function, new Context());
        Allocation allocation = RegisterAllocator.allocate(machine);
        RemoveReloads.run(machine, allocation, !target.has(TargetProfile.Feature.SPILL_IDENTITIES));
        BlockThreading.run(machine, allocation.register());
        if (!target.has(TargetProfile.Feature.LIVE_STATES)) {
            ClearDeadRegisters.run(machine, allocation.register());
        }
        FrameLayout frame = FrameLayout.of(machine);
        frames.add(function, machine, frame);
        if (allocation.spilled() > 0) {
            report.add(
                    function.name(),
                    function.at(),
                    "registers",
                    allocation.spilled() + " spilled",
                    "more values are needed at one time than the ten registers hold");
        }
        FunctionCode code;
        try {
            code = FunctionEmitter.emit(machine, allocation.register(), frame, target.cpu() >= 4);
        } catch (FunctionEmitter.TooFar _) {
            diagnostics.report(places.diagnostic(
                            function.at(), DiagnosticCode.E0417, "`" + function.name() + "` is too long for its jumps")
                    .withNote("`" + target.word() + "` has jumps over 32767 instructions at most")
                    .withHelp("split the function, or build for a target with cpu v4"));
            return;
        }
        reportFields(function, code);
        append(function, code, section);
    }

    /** What is found out of the kernel when the object is loaded. */
    private void reportFields(Function function, FunctionCode code) {
        for (Relocation relocation : code.relocations()) {
            if (relocation.to() instanceof Reference.ToField field) {
                Location at = function.at();
                for (FunctionCode.Origin origin : code.places()) {
                    at = origin.slot() <= relocation.slot() ? origin.at() : at;
                }
                report.add(
                        function.name(),
                        at,
                        field.name(),
                        "read by a helper",
                        "its place is found by name at load; " + field.offset() + " where there is no kernel");
            }
        }
    }

    private void append(Function function, FunctionCode code, SectionDraft section) {
        int start = section.slots;
        section.insns.addAll(code.insns());
        section.slots += code.slots();
        section.functions.add(new ObjectFunction(
                function.name(),
                start,
                section.slots,
                function.kind() instanceof Function.Kind.Program
                        ? ObjectFunction.Kind.PROGRAM
                        : ObjectFunction.Kind.STATIC,
                function.signature()));
        for (Relocation relocation : code.relocations()) {
            section.relocations.add(new Relocation(start + relocation.slot(), relocation.to()));
        }
        List<FunctionCode.Site> sites = new ArrayList<>(code.sites());
        sites.sort(Comparator.comparingInt(FunctionCode.Site::slot));
        for (FunctionCode.Site site : sites) {
            section.sites.add(new ObjectBranchSite(
                    start + site.slot(), start + site.target(), site.key(), site.value(), site.inverse()));
        }
        for (FunctionCode.Table table : code.tables()) {
            List<Integer> targets = new ArrayList<>(table.targets().size());
            for (int slot : table.targets()) {
                targets.add(start + slot);
            }
            jumpTables.add(new JumpTable(table.name(), function.name(), targets));
        }
        // Linux wants a line where a function starts, if there are lines at all.
        List<FunctionCode.Origin> origins = code.places();
        if ((origins.isEmpty() || origins.getFirst().slot() > 0)
                && function.at().isKnown()) {
            section.lines.add(places.line(start, function.at()));
        }
        for (FunctionCode.Origin origin : origins) {
            section.lines.add(places.line(start + origin.slot(), origin.at()));
        }
    }

    /** What selection asks. */
    private final class Context implements SelectionContext {
        @Override
        public TargetProfile target() {
            return target;
        }

        @Override
        public Reference reference(Operation.Address address) {
            return layout.reference(address);
        }

        @Override
        public String nextTable(String function) {
            return JumpTable.name(function, tableCount.merge(function, 1, Integer::sum) - 1);
        }

        @Override
        public long initial(String key) {
            for (Key one : module.keys()) {
                if (one.name().equals(key)) {
                    return one.initial();
                }
            }
            throw new IllegalStateException("no key " + key);
        }

        @Override
        public void unsupported(Location at, String message, String help) {
            diagnostics.report(
                    places.diagnostic(at, DiagnosticCode.E0415, message).withHelp(help));
        }
    }
}
