package dev.turnout.x86.lower;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.BpfProgram.FunctionRange;
import dev.turnout.bpf.program.BranchSite;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.runtime.context.ControlBlock;
import dev.turnout.runtime.context.InputDescriptor;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.MapFactory;
import dev.turnout.runtime.map.MapHeader;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.map.MapKind;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Runs small programs about control: calls, loops, tail calls, branches. What they must do was worked out by hand. */
final class NativePrograms {
    private static final long NOTHING = 0x1bad_1dea;

    private int checks;
    private int differences;

    private NativePrograms() {}

    /** Runs all of them; prints a line before each. */
    public static void main(String[] arguments) {
        NativePrograms programs = new NativePrograms();
        programs.calls();
        programs.turns();
        programs.loops();
        programs.helpers();
        programs.tailCalls();
        programs.packets();
        programs.branches();
        programs.indirect();
        programs.arrays(MapKind.ARRAY);
        programs.arrays(MapKind.PERCPU_ARRAY);
        System.out.println(programs.checks + " checks, " + programs.differences + " differences");
        System.exit(programs.differences == 0 ? 0 : 1);
    }

    private void check(String what, long expected, long actual) {
        checks++;
        if (expected != actual) {
            differences++;
            System.out.println(
                    "  " + what + ": expected 0x" + Long.toHexString(expected) + ", is 0x" + Long.toHexString(actual));
        }
    }

    private static void group(String name) {
        System.out.println(name);
        System.out.flush();
    }

    /** Functions begin at these slots. */
    private static BpfProgram program(String text, List<MapDefinition> maps, List<BranchSite> sites, int... starts) {
        Code code = Sources.code(text);
        List<FunctionRange> functions = new ArrayList<>();
        for (int i = 0; i < starts.length; i++) {
            int end = i + 1 < starts.length ? starts[i + 1] : code.size();
            functions.add(new FunctionRange("f" + i, starts[i], end, false));
        }
        return Sources.program(code, functions, maps, sites);
    }

    private static BpfProgram program(String text, int... starts) {
        return program(text, List.of(), List.of(), starts);
    }

    private void calls() {
        group("calls keep r6 to r9 and give each function a frame of its own");
        try (Testbed bed = new Testbed(Set.of())) {
            Testbed.Placed placed = bed.add(program("""
                    r6 = 1
                    r7 = 2
                    r8 = 3
                    r9 = 4
                    *(u64 *)(r10 - 8) = 5
                    r1 = r10
                    call pc+8
                    r0 += r6
                    r0 += r7
                    r0 += r8
                    r0 += r9
                    r1 = *(u64 *)(r10 - 8)
                    r0 += r1
                    exit
                    exit
                    r6 = 100
                    r7 = 100
                    r8 = 100
                    r9 = r10
                    *(u64 *)(r10 - 8) = 600
                    r1 -= r9
                    r0 = r1
                    exit
                    """, 0, 15), List.of(), 0);
            bed.seal();
            check("result", 512 + 15, bed.call(placed.at(0)));
        }
    }

    private void turns() {
        group("may_goto falls through 8388608 times in each call");
        try (Testbed bed = new Testbed(Set.of())) {
            Testbed.Placed placed = bed.add(program("""
                    r6 = 0
                    call pc+5
                    r6 += r0
                    call pc+3
                    r6 += r0
                    r0 = r6
                    exit
                    r0 = 0
                    may_goto +2
                    r0 += 1
                    goto -3
                    may_goto +2
                    r0 += 1000
                    exit
                    exit
                    """, 0, 7), List.of(), 0);
            bed.seal();
            check("result", 2 * 8_388_608L, bed.call(placed.at(0)));
        }
    }

    private void loops() {
        group("bpf_loop");
        try (Testbed bed = new Testbed(Set.of())) {
            Testbed.Placed placed = bed.add(program("""
                    r6 = r10
                    r6 += -8
                    *(u64 *)(r10 - 8) = 0
                    r4 = r3
                    r7 = r2
                    *(u64 *)(r10 - 16) = r2
                    r2 = function pc+8
                    r3 = r6
                    call 181
                    r1 = *(u64 *)(r10 - 8)
                    r1 <<= 32
                    r0 += r1
                    exit
                    exit
                    r6 = *(u64 *)(r2 + 0)
                    r6 += r1
                    *(u64 *)(r2 + 0) = r6
                    r3 = *(u64 *)(r2 - 8)
                    r0 = 0
                    if r1 != r3 goto +1
                    r0 = 1
                    exit
                    """, 0, 15), List.of(), 0);
            bed.seal();
            // Turns, the turn that ends it, flags; result, with the sum of the turns above it.
            check("no turn", 0, bed.call(placed.at(0), 0, -1, 0));
            check("one turn", 1, bed.call(placed.at(0), 1, -1, 0));
            check("five turns", 5 + (10L << 32), bed.call(placed.at(0), 5, -1, 0));
            check("ended in the third", 3 + (3L << 32), bed.call(placed.at(0), 5, 2, 0));
            check("ended in the last", 5 + (10L << 32), bed.call(placed.at(0), 5, 4, 0));
            check("the number has 32 bits", 2 + (1L << 32), bed.call(placed.at(0), 0x1_0000_0002L, -1, 0));
            check("flags", -22, bed.call(placed.at(0), 5, -1, 1L << 40));
            check("too many", -7, bed.call(placed.at(0), 8_388_609, -1, 0));
            check("minus one is too many", -7, bed.call(placed.at(0), -1, -1, 0));
            long most = 8_388_608L;
            check("as many as can be", most + ((most * (most - 1) / 2) << 32), bed.call(placed.at(0), most, -1, 0));
        }
    }

    private void helpers() {
        group("helpers find number, site and arguments, and lose r1 to r5 only");
        try (Testbed bed = new Testbed(Set.of())) {
            Testbed.Placed placed = bed.add(program("""
                    r6 = r1
                    r7 = r2
                    r8 = r3
                    r9 = r4
                    call 14
                    r0 += r6
                    r0 += r7
                    r0 += r8
                    r0 += r9
                    exit
                    """, 0), List.of(), 0);
            Testbed.Placed slot = bed.add(program("""
                    call 8
                    exit
                    """, 0), List.of(), 0);
            bed.seal();
            check("result", Testbed.helped(14, 4, 1, 2, 3, 4, 5) + 10, bed.call(placed.at(0), 1, 2, 3, 4, 5));
            Memory.storeInt(bed.control() + ControlBlock.SLOT, 3);
            check("slot", 3, bed.call(slot.at(0)));
        }
    }

    private void tailCalls() {
        group("tail calls");
        try (Testbed bed = new Testbed(Set.of());
                Arena arena = Arena.ofConfined()) {
            long header = arena.allocate(MapHeader.SIZE, 8).address();
            long entries = arena.allocate(4 * 8, 8).address();
            Memory.storeInt(header + MapHeader.MAX_ENTRIES, 4);
            Memory.storeLong(header + MapHeader.VALUES, entries);
            MapDefinition map = Sources.map("programs", MapKind.PROG_ARRAY, 4, 4);
            // r1 = index. Adds 1000 behind the call of a function that makes the tail call, 100 if that fails.
            Testbed.Placed caller = bed.add(program("""
                    r6 = 1000
                    call pc+2
                    r0 += r6
                    exit
                    r6 = 7
                    r7 = 7
                    may_goto +0
                    r3 = r1
                    r2 = map[0]
                    call 12
                    r0 += 100
                    exit
                    """, List.of(map), List.of(), 0, 4), List.of(header), 0);
            Testbed.Placed target = bed.add(program("""
                    r6 = 50
                    r0 = r6
                    exit
                    """, 0), List.of(), 0);
            // Counts in the key how often it ran, and calls itself.
            long count = arena.allocate(8, 8).address();
            Testbed.Placed endless =
                    bed.add(program("""
                    r4 = %d ll
                    r5 = *(u64 *)(r4 + 0)
                    r5 += 1
                    *(u64 *)(r4 + 0) = r5
                    r2 = map[0]
                    r3 = 2
                    call 12
                    exit
                    """.formatted(count), List.of(map), List.of(), 0), List.of(header), 0);
            bed.seal();
            Memory.storeLong(entries + 8, bed.address(target.at(0)));
            Memory.storeLong(entries + 16, bed.address(endless.at(0)));
            tailCall(bed, "a program", 1050, caller, 1);
            tailCall(bed, "the index has 32 bits", 1050, caller, 0x7_0000_0001L);
            tailCall(bed, "an empty entry", 1100 - 2, caller, 0);
            tailCall(bed, "behind the last entry", 1100 - 2, caller, 4);
            tailCall(bed, "far behind it", 1100 - 2, caller, 0xffff_ffffL);
            check("failures are not counted", 0, Memory.loadInt(bed.control() + ControlBlock.TAIL_CALLS));
            tailCall(bed, "itself, until there were enough", 1000 - 2, caller, 2);
            check("calls in a row", 33, Memory.loadLong(count));
        }
    }

    private void tailCall(Testbed bed, String what, long expected, Testbed.Placed caller, long index) {
        Memory.storeInt(bed.control() + ControlBlock.TAIL_CALLS, 0);
        check(what, expected, bed.call(caller.at(0), index));
    }

    private void packets() {
        group("packet loads");
        try (Testbed bed = new Testbed(Set.of());
                Arena arena = Arena.ofConfined()) {
            long frame = arena.allocate(64, 8).address();
            for (int i = 0; i < 64; i++) {
                Memory.storeByte(frame + i, (byte) (i * 17));
            }
            long input = arena.allocate(InputDescriptor.SIZE, 8).address();
            Memory.storeLong(bed.control() + ControlBlock.INPUT, input);
            Memory.storeLong(input + InputDescriptor.MAC_HEADER, frame);
            Memory.storeLong(input + InputDescriptor.NETWORK_HEADER, frame + 14);
            Memory.storeLong(input + InputDescriptor.DATA, frame + 4);
            Memory.storeLong(input + InputDescriptor.DATA_END, frame + 40);
            Testbed.Placed[] indexed = new Testbed.Placed[3];
            Testbed.Placed[] fixed = new Testbed.Placed[3];
            for (int i = 0; i < 3; i++) {
                indexed[i] = bed.add(program("""
                        r6 = r1
                        r7 = r2
                        r0 = *(u%d *)skb[r7 + 3]
                        r0 += 1
                        exit
                        """.formatted(8 << i), 0), List.of(), 0);
                fixed[i] = bed.add(program("""
                        r6 = r1
                        r0 = *(u%d *)skb[5]
                        r0 += 1
                        exit
                        """.formatted(8 << i), 0), List.of(), 0);
            }
            bed.seal();
            for (int i = 0; i < 3; i++) {
                int bytes = 1 << i;
                check("fixed", big(frame + 9, bytes) + 1, bed.call(fixed[i].at(0)));
                for (long offset : new long[] {
                    -5,
                    -4,
                    0,
                    31,
                    32,
                    33,
                    34,
                    35,
                    36,
                    60,
                    -0x100000,
                    -0x100000 + 22,
                    -0x100000 + 25,
                    -0x100000 + 26,
                    -0x100001,
                    -0x200000,
                    -0x200000 + 4,
                    -0x200000 + 39,
                    -0x200000 + 40,
                    -0x200001,
                    Integer.MIN_VALUE,
                    Integer.MAX_VALUE
                }) {
                    long base =
                            offset >= 0 ? frame + 4 : offset >= -0x100000 ? frame + 14 + 0x100000 : frame + 0x200000;
                    long at = base + offset;
                    boolean inside = offset >= -0x200000 && at >= frame && at + bytes <= frame + 40;
                    long expected = inside ? big(at, bytes) + 1 : 0;
                    check("u" + 8 * bytes + " at " + offset, expected, bed.call(indexed[i].at(0), NOTHING, offset - 3));
                }
            }
            Memory.storeLong(input + InputDescriptor.DATA, 0);
            Memory.storeLong(input + InputDescriptor.DATA_END, 0);
            Memory.storeLong(input + InputDescriptor.MAC_HEADER, 0);
            Memory.storeLong(input + InputDescriptor.NETWORK_HEADER, 0);
            check("no packet", 0, bed.call(indexed[0].at(0), NOTHING, -3));
            check("no network header", 0, bed.call(indexed[0].at(0), NOTHING, -0x100000 - 3));
        }
    }

    private static long big(long address, int bytes) {
        return Long.reverseBytes(Memory.load(address, bytes)) >>> (64 - 8 * bytes);
    }

    private void branches() {
        group("static branches");
        try (Testbed bed = new Testbed(Set.of());
                Arena arena = Arena.ofConfined()) {
            long key = arena.allocate(8, 8).address();
            String text = """
                    r0 = 1
                    nop_or_goto +1
                    r0 = 2
                    exit
                    r0 = 3
                    exit
                    """;
            long wide = 0x1234_5678_9abcL;
            long[] values = {0, 1, -1, Integer.MAX_VALUE, 1L << 31, wide};
            Testbed.Placed[] straight = new Testbed.Placed[values.length];
            Testbed.Placed[] inverse = new Testbed.Placed[values.length];
            for (int i = 0; i < values.length; i++) {
                BranchSite site = new BranchSite(1, 3, 0, values[i], false);
                straight[i] = bed.add(program(text, List.of(), List.of(site), 0), List.of(), key);
                BranchSite other = new BranchSite(1, 3, 0, values[i], true);
                inverse[i] = bed.add(program(text, List.of(), List.of(other), 0), List.of(), key);
            }
            List<BranchSite> ways = List.of(new BranchSite(1, 3, 0, 5, false), new BranchSite(1, 4, 0, wide, false));
            Testbed.Placed several = bed.add(program(text, List.of(), ways, 0), List.of(), key);
            bed.seal();
            for (int i = 0; i < values.length; i++) {
                for (long value : values) {
                    Memory.storeLong(key, value);
                    check("is " + values[i], value == values[i] ? 1 : 2, bed.call(straight[i].at(0)));
                    check("is not " + values[i], value == values[i] ? 2 : 1, bed.call(inverse[i].at(0)));
                }
            }
            Memory.storeLong(key, 5);
            check("first way", 1, bed.call(several.at(0)));
            Memory.storeLong(key, wide);
            check("second way", 3, bed.call(several.at(0)));
            Memory.storeLong(key, 0);
            check("no way", 2, bed.call(several.at(0)));
        }
    }

    private void indirect() {
        group("gotox and callx");
        try (Testbed bed = new Testbed(Set.of());
                Arena arena = Arena.ofConfined()) {
            long table = arena.allocate(16, 8).address();
            Testbed.Placed jumps = bed.add(program("""
                    r6 = 1
                    r1 <<= 3
                    r2 += r1
                    r9 = *(u64 *)(r2 + 0)
                    gotox r9
                    exit
                    r0 = 10
                    exit
                    r0 = 20
                    exit
                    """, 0), List.of(), 0);
            Testbed.Placed calls = bed.add(program("""
                    r7 = 5
                    *(u64 *)(r10 - 8) = 6
                    r8 = function pc+7
                    callx r8
                    r0 += r7
                    r1 = *(u64 *)(r10 - 8)
                    r0 += r1
                    exit
                    exit
                    r7 = 30
                    *(u64 *)(r10 - 8) = 9
                    r0 = r7
                    exit
                    """, 0, 10), List.of(), 0);
            bed.seal();
            for (int i = 0; i < 2; i++) {
                int target = jumps.code().offset(6 + 2 * i);
                Memory.storeLong(table + 8L * i, bed.address(jumps.place()) + target);
            }
            check("first entry", 10, bed.call(jumps.at(0), 0, table));
            check("second entry", 20, bed.call(jumps.at(0), 1, table));
            check("call", 41, bed.call(calls.at(0)));
        }
    }

    private void arrays(MapKind kind) {
        group("look-ups in " + kind.word());
        for (int valueSize : new int[] {1, 8, 12, 24, 64, 1000}) {
            MapDefinition definition = Sources.map("values", kind, valueSize, 5);
            try (Testbed bed = new Testbed(Set.of());
                    Arena arena = Arena.ofConfined();
                    BpfMap map =
                            MapFactory.create(definition, 4, new Diagnostics()).orElseThrow()) {
                long key = arena.allocate(4, 4).address();
                Testbed.Placed placed =
                        bed.add(program("""
                        r6 = map[0]
                        r2 = r1
                        r1 = r6
                        call 1
                        exit
                        """, List.of(definition), List.of(), 0), List.of(map.address()), 0);
                bed.seal();
                for (int slot = 0; slot < map.slots(); slot++) {
                    Memory.storeInt(bed.control() + ControlBlock.SLOT, slot);
                    for (int index : new int[] {0, 1, 4, 5, 6, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
                        Memory.storeInt(key, index);
                        check(index + " in slot " + slot, map.lookup(key, slot), bed.call(placed.at(0), key));
                    }
                }
            }
        }
    }
}
