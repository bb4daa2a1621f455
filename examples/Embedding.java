// Turnout inside a Java program. From the root of the checkout:
//   java --enable-native-access=ALL-UNNAMED -cp .turnout/turnout.jar examples/Embedding.java
import dev.turnout.api.BatchResult;
import dev.turnout.api.CompileException;
import dev.turnout.api.LoadSettings;
import dev.turnout.api.Machine;
import dev.turnout.api.ObjectCode;
import dev.turnout.api.Program;
import dev.turnout.api.ProgramEvents;
import dev.turnout.api.ProgramKey;
import dev.turnout.api.ProgramMap;
import dev.turnout.api.ProgramMaps;
import dev.turnout.api.ProgramTable;
import dev.turnout.api.RejectedException;
import dev.turnout.api.RunResult;
import dev.turnout.api.Runner;
import dev.turnout.api.Turnout;
import dev.turnout.api.TypedMap;
import dev.turnout.runtime.map.Datum;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A SYN to a port, as it comes over Ethernet. */
MemorySegment syn(int port) {
    String frame = "000000000000" + "000000000000" + "0800" // Ethernet: IPv4 follows
            + "45000028" + "00010000" + "40060000" + "0a000001" + "0a000002" // IPv4: TCP follows
            + "9c40" + HexFormat.of().toHexDigits((short) port) + "00000000" + "00000000" + "5002ffff" + "00000000"; // TCP
    return MemorySegment.ofArray(HexFormat.of().parseHex(frame));
}

/** A key of the firewall's policy. */
record Rule(short port, byte proto) {}

void main(String[] args) throws IOException, InterruptedException {
    Path folder = Path.of(args.length == 0 ? "examples" : args[0]);
    String text = Files.readString(folder.resolve("firewall.turn"));

    // A text that is wrong is an exception that carries what the command line would print.
    try {
        Turnout.compile("wrong.turn", "prog xdp p(ctx: *XdpCtx) -> XdpAction { return XDP_PAS; }");
    } catch (CompileException wrong) {
        IO.println(wrong.diagnostics().getFirst().message());
    }

    // Compile, prove, translate. The machine owns native memory until it is closed.
    ObjectCode code = Turnout.compile("firewall.turn", text);
    LoadSettings settings = LoadSettings.standard().withOutput(line -> IO.println("printed: " + line));
    try (Machine machine = Turnout.load(code, settings)) {
        Program firewall = machine.program("firewall");

        // Maps: as JSON, as data, as bytes.
        ProgramMap policy = machine.map("policy");
        policy.putAll(Files.readString(folder.resolve("policy.json")));
        Datum http = new Datum.Fields(Map.of("port", Datum.of(80), "proto", Datum.of(6)));
        policy.put(http, new Datum.Text("log"));
        IO.println(policy.get(http).orElseThrow());

        // And with types of Java that look like those of the program.
        TypedMap<Rule, String> rules = policy.typed(Rule.class, String.class);
        IO.println(rules.get(new Rule((short) 80, (byte) 6)).orElseThrow());
        IO.println(rules.putIfAbsent(new Rule((short) 80, (byte) 6), "drop"));

        // One run.
        RunResult telnet = firewall.run(syn(23));
        IO.println("port 23: " + telnet.verdict());

        // A key is a switch in the code. This one lets the firewall print what it logs.
        machine.key("audit").set(true);
        IO.println("port 80: " + firewall.run(syn(80)).verdict());
        machine.key("audit").set(false);

        // Many runs from one thread: a runner keeps a slot of the machine.
        try (Runner runner = firewall.runner()) {
            long passed = 0;
            for (int port = 0; port < 1000; port++) {
                passed += runner.run(syn(port)) == 2 ? 1 : 0;
            }
            IO.println("passed " + passed + " of 1000");
        }

        // Many inputs at once, fed in native code.
        BatchResult batch = firewall.runAll(List.of(syn(22), syn(23), syn(24)), 100);
        IO.println(batch.verdicts() + " in " + batch.runs() + " runs");

        // A map with a value for each slot of the machine: add them up.
        long hits = 0;
        for (byte[] value : machine.map("hits").values(new byte[] {6, 0, 0, 0})) {
            hits += ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
        }
        IO.println("TCP packets: " + hits);
    }

    // Keys are flipped while programs run: one thread runs packets, another sets a key.
    ObjectCode keyed = Turnout.compile("debug_keys.turn", Files.readString(folder.resolve("debug_keys.turn")));
    try (Machine machine = Turnout.load(keyed)) {
        AtomicBoolean flowing = new AtomicBoolean(true);
        Thread traffic = Thread.ofPlatform().start(() -> {
            try (Runner runner = machine.program("worker").runner()) {
                while (flowing.get()) {
                    runner.run(syn(80));
                }
            }
        });
        ProgramKey depth = machine.key("depth");
        for (int i = 0; i < 1000; i++) {
            depth.set(i % 2 == 0 ? "full" : "ports");
        }
        IO.println("1000 flips, and now " + depth);
        flowing.set(false);
        traffic.join();
    }

    // A function table is a place in the code for what changes: its rows are replaced while programs run.
    String gate = """
            license "GPL";
            fn open() -> XdpAction { return XDP_PASS; }
            @row(policies) fn shut() -> XdpAction { return XDP_DROP; }
            mutable table policies: [1]fn() -> XdpAction = { 0 => open };
            prog xdp gate(ctx: *XdpCtx) -> XdpAction { return policies[0](); }
            """;
    try (Machine machine = Turnout.load(Turnout.compile("gate.turn", gate))) {
        ProgramTable policies = machine.table("policies");
        IO.println(policies.row(0).orElseThrow() + " of " + policies.candidates());
        policies.set(0, "shut");
        IO.println("then: " + machine.program("gate").run(syn(80)).verdict());
    }

    // A map of maps is exchanged as a whole: four threads run packets while the rules change, and no run sees half of them.
    String pairs = """
            license "GPL";
            map rules: array_of_maps<u32, hash<u32, u32>(64)>(1);
            prog xdp judge(ctx: *XdpCtx) -> XdpAction {
                let now = rules[0] else return XDP_ABORTED;
                let ssh = now[22] else return XDP_ABORTED;
                let telnet = now[23] else return XDP_ABORTED;
                return if (*ssh != *telnet) XDP_PASS else XDP_DROP;
            }
            """;
    try (Machine machine = Turnout.load(Turnout.compile("pairs.turn", pairs))) {
        ProgramMaps<Integer> rules = machine.mapOfMaps("rules", int.class);
        LongAdder half = new LongAdder();
        AtomicBoolean flowing = new AtomicBoolean(true);
        List<Thread> traffic = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            ProgramMap next = rules.create();
            next.typed(int.class, int.class).putAll(Map.of(22, i % 2, 23, 1 - i % 2));
            rules.put(0, next);
            while (traffic.size() < 4) {
                traffic.add(Thread.ofPlatform().start(() -> {
                    try (Runner runner = machine.program("judge").runner()) {
                        while (flowing.get()) {
                            if (runner.run(syn(22)) != 2) {
                                half.increment();
                            }
                        }
                    }
                }));
            }
        }
        flowing.set(false);
        for (Thread thread : traffic) {
            thread.join();
        }
        IO.println("1000 times new rules, seen by halves: " + half);
    }

    // Records that programs write are taken here, oldest first.
    String lengths = """
            license "GPL";
            struct Seen { length: u32, times: u32 }
            map seen: ringbuf(64K);
            prog xdp note(ctx: *XdpCtx) -> XdpAction {
                var pkt = ctx.cursor();
                let s = Seen{ length = pkt.rest(), times = 1 };
                seen.output(&s);
                return XDP_PASS;
            }
            """;
    try (Machine machine = Turnout.load(Turnout.compile("lengths.turn", lengths))) {
        ProgramEvents seen = machine.events("seen");
        machine.program("note").runAll(List.of(syn(22), syn(23)), 5);
        int taken = seen.drain(record -> {
            if (record.get(ValueLayout.JAVA_INT_UNALIGNED, 0) != 54) {
                throw new AssertionError();
            }
        });
        IO.println(taken + " records, lost " + seen.lost());
    }

    // What cannot be proven safe is not loaded. This code reads a register that nothing was written to.
    try (Machine _ = Turnout.loadBytecode(HexFormat.of().parseHex("bf30000000000000" + "9500000000000000"), 0)) {
        throw new AssertionError();
    } catch (RejectedException rejected) {
        IO.println(rejected.diagnostics().getFirst().message());
    }
}
