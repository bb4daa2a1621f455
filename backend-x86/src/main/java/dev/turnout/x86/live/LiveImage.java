package dev.turnout.x86.live;

import dev.turnout.runtime.image.Binding;
import dev.turnout.runtime.image.Keys;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.ProgramArrayMap;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.x86.asm.BranchCell;
import dev.turnout.x86.code.PatchSite;
import dev.turnout.x86.code.TailSite;
import dev.turnout.x86.code.X86Code;
import dev.turnout.x86.memory.CodeBlock;
import dev.turnout.x86.memory.CodeMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The code of a program at the address where it runs. It stays there while somebody retains it, and after that until no run can be
 * inside. Safe for many threads.
 */
public final class LiveImage {
    private final LiveMachine machine;
    private final CodeBlock block;
    private final X86Code code;
    private final Binding binding;
    /** By the number of a key in the machine: the branches that obey it, maybe among others. */
    private final Map<Integer, List<PatchSite>> sites = new HashMap<>();

    private final AtomicInteger users = new AtomicInteger(1);

    LiveImage(LiveMachine machine, CodeBlock block, X86Code code, Binding binding) {
        this.machine = machine;
        this.block = block;
        this.code = code;
        this.binding = binding;
        for (PatchSite site : code.sites()) {
            site.ways().stream()
                    .map(way -> binding.keys().get(way.key()))
                    .distinct()
                    .forEach(number -> sites.computeIfAbsent(number, _ -> new ArrayList<>())
                            .add(site));
        }
    }

    public X86Code code() {
        return code;
    }

    /** Where the code's first byte is executed. */
    public long address() {
        return block.address();
    }

    /** Where the main function is called, and where tail calls jump to. */
    public long entry() {
        return block.address() + code.entry();
    }

    /**
     * Writes the cells of all branches on a key as the present values of keys have them. Threads may be running the code: each
     * comes to the old instruction or the new one.
     *
     * @param number of the key in the machine
     * @return whether there is such a branch
     */
    boolean patch(int number, CodeMemory memory, Keys keys) {
        List<PatchSite> all = sites.getOrDefault(number, List.of());
        for (PatchSite site : all) {
            long word = site.word(key -> keys.value(binding.keys().get(key)));
            write(memory, site.at(), site.form(), word);
        }
        return !all.isEmpty();
    }

    private void write(CodeMemory memory, int at, BranchCell form, long word) {
        long cell = memory.writable(address() + at);
        switch (form) {
            case NOP_OR_JUMP -> Memory.storeRelease(cell, Long.BYTES, word);
            // Nothing but the distance is ever written.
            case DISTANCE -> Memory.storeRelease(cell + 4, Integer.BYTES, word >>> 32);
        }
    }

    private BpfMap array(TailSite site) {
        return binding.maps().get(site.map());
    }

    /** Writes into code that is placed nowhere yet what its tail calls find in their tables now. */
    void aim(byte[] placed) {
        ByteBuffer cells = ByteBuffer.wrap(placed).order(ByteOrder.LITTLE_ENDIAN);
        for (TailSite site : code.tails()) {
            long entry = array(site) instanceof ProgramArrayMap programs ? programs.entry(site.index()) : 0;
            cells.putLong(site.gate(), site.gateWord(entry != 0));
            if (entry != 0) {
                cells.putLong(site.jump(), site.jumpWord(address(), entry));
            }
        }
    }

    /** Lets the tail calls through an entry jump to an address, those that come so far; whether there are any. */
    boolean aim(ProgramArrayMap array, int index, long entry, CodeMemory memory) {
        boolean any = false;
        for (TailSite site : code.tails()) {
            if (site.index() == index && array(site) == array) {
                write(memory, site.jump(), site.form(), site.jumpWord(address(), entry));
                any = true;
            }
        }
        return any;
    }

    /** Lets the tail calls through an entry come to their jumps, or turn aside to their misses; whether that is new to any. */
    boolean open(ProgramArrayMap array, int index, boolean filled, CodeMemory memory) {
        boolean any = false;
        for (TailSite site : code.tails()) {
            if (site.index() == index && array(site) == array) {
                long word = site.gateWord(filled);
                any |= Memory.loadLong(address() + site.gate()) != word;
                write(memory, site.gate(), site.form(), word);
            }
        }
        return any;
    }

    /** The slots whose branch is a nop now, as the code says that is executed. */
    public BitSet nops() {
        BitSet slots = new BitSet();
        for (PatchSite site : code.sites()) {
            slots.set(site.slot(), Memory.loadLong(address() + site.at()) == BranchCell.NOP_OR_JUMP.passing());
        }
        return slots;
    }

    CodeBlock block() {
        return block;
    }

    Binding binding() {
        return binding;
    }

    /** One more user; false if there was none any more, and then there never will be. */
    public boolean retain() {
        return users.updateAndGet(count -> count == 0 ? 0 : count + 1) != 0;
    }

    /** One user less. Runs that are under way may still be inside. */
    public void release() {
        if (users.decrementAndGet() == 0) {
            machine.retire(this);
        }
    }
}
