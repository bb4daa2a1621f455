package dev.turnout.tests.differential;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import dev.turnout.linux.exec.KernelExecution;
import dev.turnout.linux.load.KernelMap;
import dev.turnout.linux.load.KernelObject;
import dev.turnout.linux.load.KernelProgram;
import dev.turnout.linux.load.TestRun;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The running kernel. It refuses some of what we accept, by rules of its own: that is no difference. */
record KernelWay() implements Way {
    /** More of them make Linux walk up to a million instructions, and then some more to say why it gave up. */
    private static final int MOST_BRANCHES_IN_LOOPS = 2;

    private static final long LOWER = 0xffff_ffffL;

    /** One seed in so many is for it: it takes longer over a program than all others together. */
    private static final long SHARE = 4;

    /** What these say is the machine's own. */
    private static final Set<Integer> WORLD = Set.of(
            HelperFunction.GET_PRANDOM_U32.id(),
            HelperFunction.GET_SMP_PROCESSOR_ID.id(),
            HelperFunction.KTIME_GET_NS.id(),
            HelperFunction.KTIME_GET_BOOT_NS.id(),
            HelperFunction.GET_CURRENT_PID_TGID.id(),
            HelperFunction.GET_CURRENT_UID_GID.id());

    @Override
    public String name() {
        return "kernel";
    }

    @Override
    public Seen see(Trial trial, Proven proven) {
        if (trial.seed() % SHARE != 0) {
            return new Seen.Declined("other seeds are for it");
        }
        BpfProgram program = trial.program();
        for (Insn insn : program.code().insns()) {
            if (insn instanceof Insn.CallHelper call && WORLD.contains(call.id())) {
                return new Seen.Declined("it asks for the world");
            }
        }
        if (!trial.targets().isEmpty()) {
            return new Seen.Declined("tail calls are for the golden programs to compare");
        }
        // On which processor it runs is not ours to say.
        if (program.maps().stream().anyMatch(map -> map.kind().perCpu())) {
            return new Seen.Declined("it has values by processor");
        }
        if (branchesInLoops(program) > MOST_BRANCHES_IN_LOOPS) {
            return new Seen.Declined("Linux would walk its paths for seconds");
        }
        if (losesFrame(program)) {
            return new Seen.Declined("Linux would take it for another program");
        }
        Diagnostics diagnostics = new Diagnostics();
        Optional<Observation> observation = program.entry() instanceof BpfProgram.Entry.Memory
                ? withMemory(trial, diagnostics)
                : withPackets(trial, diagnostics);
        return observation.isPresent()
                ? new Seen.Ran(observation.get())
                : new Seen.Declined(diagnostics.all().getFirst().message());
    }

    /** Conditional jumps that lie between the ends of backward jumps; once for each such jump. */
    private static int branchesInLoops(BpfProgram program) {
        Code code = program.code();
        int count = 0;
        for (int slot = 0; slot < code.size(); slot = code.next(slot)) {
            int distance = code.at(slot).jumpDistance().orElse(0);
            for (int at = slot + 1 + distance; at < slot; at++) {
                if (code.find(at).filter(Insn.JumpIf.class::isInstance).isPresent()) {
                    count++;
                }
            }
        }
        return count;
    }

    /**
     * Whether a called function adds its frame pointer to a number. Linux (6.18 at least) forgets then whose frame the sum points
     * into, takes it for main's, and folds what it thinks is there: {@code r4 = 0; r4 += r10; r0 = *(u64 *)(r4 - 8)} in a
     * function gave the caller's word. The other way round, number to pointer, is right.
     */
    private static boolean losesFrame(BpfProgram program) {
        int called = program.functions().getFirst().end();
        for (int slot = called;
                slot < program.code().size();
                slot = program.code().next(slot)) {
            if (program.code().at(slot) instanceof Insn.Alu(AluOp op, Width _, Reg _, Operand src)
                    && op == AluOp.ADD
                    && src.equals(Operand.of(Reg.R10))) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Observation> withPackets(Trial trial, Diagnostics diagnostics) {
        try (KernelObject object = new KernelObject()) {
            return object.load(trial.program(), diagnostics).map(program -> {
                List<Observation.Ending> endings = trial.inputs().stream()
                        .map(input -> run(program, input))
                        .toList();
                return new Observation(endings, maps(object.maps()));
            });
        }
    }

    private static Observation.Ending run(KernelProgram program, ByteString input) {
        return switch (program.run(input, 1)) {
            case TestRun.Ran ran -> new Observation.Ending.Returned(ran.result() & LOWER, ran.output());
            case TestRun.Refused _ -> new Observation.Ending.Refused();
        };
    }

    private static Optional<Observation> withMemory(Trial trial, Diagnostics diagnostics) {
        Optional<KernelExecution> loaded = KernelExecution.load(trial.program(), diagnostics);
        if (loaded.isEmpty()) {
            return Optional.empty();
        }
        try (KernelExecution program = loaded.get()) {
            List<Observation.Ending> endings = new ArrayList<>();
            for (ByteString input : trial.inputs()) {
                endings.add(program.run(input, 1, diagnostics)
                        .map(ran -> (Observation.Ending) new Observation.Ending.Returned(ran.result(), ran.memory()))
                        .orElseGet(Observation.Ending.Refused::new));
            }
            return Optional.of(new Observation(endings, maps(program.maps())));
        }
    }

    private static Map<String, List<String>> maps(Map<String, KernelMap> loaded) {
        Map<String, List<String>> maps = new TreeMap<>();
        for (Map.Entry<String, KernelMap> map : loaded.entrySet()) {
            List<String> entries = new ArrayList<>();
            map.getValue().entries().forEach(entry -> entries.add(entry.key() + "=" + entry.values()));
            maps.put(map.getKey(), entries);
        }
        return maps;
    }

    /** Of a program of the kernel's own types it shows the lower half of the result. */
    @Override
    public Observation shown(Trial trial, Observation whole) {
        if (trial.program().entry() instanceof BpfProgram.Entry.Memory) {
            return whole;
        }
        List<Observation.Ending> endings = new ArrayList<>();
        for (Observation.Ending ending : whole.endings()) {
            endings.add(
                    ending instanceof Observation.Ending.Returned(long result, ByteString memory)
                            ? new Observation.Ending.Returned(result & LOWER, memory)
                            : ending);
        }
        return new Observation(endings, whole.maps());
    }
}
