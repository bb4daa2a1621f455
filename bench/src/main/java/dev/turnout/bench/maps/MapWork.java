package dev.turnout.bench.maps;

import dev.turnout.bpf.link.ProgramLoader;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.render.TerminalRenderer;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.driver.pipeline.Compilation;
import dev.turnout.driver.pipeline.CompileOptions;
import dev.turnout.driver.pipeline.SourceReader;
import dev.turnout.stdlib.target.TargetProfile;
import java.util.List;
import java.util.Map;

/**
 * An operation, done {@link #STEPS} times a run with keys that change from one to the next. A look-up that finds nothing stores first,
 * so that after some runs every key is there.
 *
 * @param name of the operation
 * @param map its kind, types and number of entries
 * @param step statements that do it with the key {@code k}, a number below {@link #KEYS}, and the number {@code r}
 */
record MapWork(String name, String map, String step) {
    /** Operations a run. */
    static final int STEPS = 128;

    static final int KEYS = 1024;

    private static final String HIT = "if (let v = m[k]) { sum += *v; } else { m[k] = u64(k); }";
    private static final String MISS = "if (i == 0) { m[k] = 1; } if (let v = m[k + 65536]) { sum += *v; }";
    private static final String UPDATE = "m[k] = r;";
    private static final String COME_AND_GO = "m[k] = r; m.delete(k);";
    private static final String PREFIX = "let key = Lpm4{ plen = 32, addr = be32(0x0a000000 + k * 64) };";

    /** What is done around an operation, without any. */
    static final MapWork NOTHING = new MapWork("nothing", "array<u32, u64>(1)", "sum += u64(k) ^ r;");

    static final List<MapWork> ALL = List.of(
            new MapWork("array: look up", "array<u32, u64>(1024)", "if (let v = m[k]) { sum += *v; }"),
            new MapWork("array: update", "array<u32, u64>(1024)", "let _ = m.insert(k, r);"),
            new MapWork("percpu_array: look up", "percpu_array<u32, u64>(1024)", "if (let v = m[k]) { sum += *v; }"),
            new MapWork("hash: look up, found", "hash<u32, u64>(4096)", HIT),
            new MapWork("hash: look up, missed", "hash<u32, u64>(4096)", MISS),
            new MapWork("hash: update", "hash<u32, u64>(4096)", UPDATE),
            new MapWork("hash: insert and delete", "hash<u32, u64>(4096)", COME_AND_GO),
            new MapWork("percpu_hash: look up, found", "percpu_hash<u32, u64>(4096)", HIT),
            new MapWork("percpu_hash: update", "percpu_hash<u32, u64>(4096)", UPDATE),
            new MapWork("lru_hash: look up, found", "lru_hash<u32, u64>(4096)", HIT),
            new MapWork("lru_hash: update", "lru_hash<u32, u64>(4096)", UPDATE),
            new MapWork("lru_hash: insert, evicting", "lru_hash<u32, u64>(1024)", "m[u32(r)] = r;"),
            new MapWork(
                    "lpm_trie: look up",
                    "lpm_trie<Lpm4, u64>(4096)",
                    PREFIX + " if (let v = m[key]) { sum += *v; } else { m[key] = r; }"),
            new MapWork("lpm_trie: update", "lpm_trie<Lpm4, u64>(4096)", PREFIX + " m[key] = r;"),
            new MapWork("queue: push and pop", "queue<u64>(64)", "m.push(r); if (let v = m.pop()) { sum += v; }"),
            new MapWork("stack: push and pop", "stack<u64>(64)", "m.push(r); if (let v = m.pop()) { sum += v; }"),
            new MapWork("bloom_filter: add", "bloom_filter<u64>(4096)", "m.add(u64(k));"),
            new MapWork("bloom_filter: ask", "bloom_filter<u64>(4096)", "if (m.has(u64(k))) { sum += 1; }"));

    /** The program's text. */
    String text() {
        return """
                license "GPL";
                import net;
                map m: %s;
                var seed: u64 = 1;
                var total: u64 = 0;
                prog xdp entry(ctx: *XdpCtx) -> XdpAction {
                    var x = seed;
                    var sum: u64 = 0;
                    for (i in 0..%d) {
                        x = x * 6364136223846793005 + 1442695040888963407;
                        let r = x >> 20;
                        let k = u32(x >> 40) & %d;
                        %s
                        sum += r & u64(k);
                    }
                    seed = x;
                    total += sum;
                    return XDP_PASS;
                }
                """.formatted(map, STEPS, KEYS - 1, step);
    }

    /**
     * The program, compiled.
     *
     * @throws IllegalStateException if the target does not have what it demands
     */
    BpfProgram compile(TargetProfile target) {
        Compilation compilation = new Compilation(
                new SourceFile("maps.turn", text()),
                SourceReader.none(),
                new CompileOptions(target, Map.of(), false, false));
        Diagnostics loading = new Diagnostics();
        return compilation
                .generated()
                .flatMap(generated -> ProgramLoader.load(generated.object(), "entry", loading))
                .orElseThrow(() -> new IllegalStateException(
                        new TerminalRenderer(false).render(compilation.diagnostics()) + text()));
    }
}
