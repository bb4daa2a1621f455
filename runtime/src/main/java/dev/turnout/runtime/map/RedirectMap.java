package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.map.MapKind;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@code devmap}, {@code devmap_hash}, {@code cpumap} and {@code xskmap}: where packets can be redirected to. Hosts fill them; programs
 * redirect through them and may read an entry, which shows what it holds now.
 *
 * <p>There are no devices here: every positive number is an interface, every index of a {@code cpumap} a CPU, and the value of an
 * {@code xskmap}, where Linux wants a socket, is the number of its receive queue. A value of 8 bytes names a second program in its upper
 * half, which would run at the target. That is a descriptor in Linux, and none is open here: each positive one is refused as Linux
 * refuses one that is closed.
 *
 * <p>The word of an entry is its value, in an {@code xskmap} with a bit of its own in the upper half, since there is a queue 0.
 */
public final class RedirectMap extends BpfMap {
    /** Frames that may wait for a CPU. */
    private static final int LONGEST_QUEUE = 16_384;

    private static final long PRESENT = 1L << 32;

    private final MapKind kind;
    private final Words words;
    /** Where a slot puts the key that it asks for. */
    private final long keys;

    private RedirectMap(MapDefinition definition, Mapping memory, Optional<Words> table, long keys) {
        super(definition, memory);
        this.kind = definition.kind();
        this.words = table.orElseGet(() -> Words.Indexed.behind(memory.address(), definition));
        this.keys = keys;
    }

    static MapFactory.Plan plan(MapDefinition definition, int cpuSlots) {
        long room = Words.SIZE * (long) cpuSlots;
        if (definition.kind() == MapKind.DEVMAP_HASH) {
            MapFactory.Plan table = Words.Hashed.plan(definition, cpuSlots);
            return new MapFactory.Plan(table.bytes() + room, memory -> {
                Words words = new Words.Hashed((HashTableMap) table.make().apply(memory));
                return new RedirectMap(definition, memory, Optional.of(words), memory.address() + table.bytes());
            });
        }
        long bytes = Words.Indexed.bytes(definition);
        return new MapFactory.Plan(
                bytes + room,
                memory -> new RedirectMap(definition, memory, Optional.empty(), memory.address() + bytes));
    }

    static boolean isOne(MapKind kind) {
        return kind == MapKind.DEVMAP
                || kind == MapKind.DEVMAP_HASH
                || kind == MapKind.CPUMAP
                || kind == MapKind.XSKMAP;
    }

    /** Why there can be no such map; empty if there can. */
    static Optional<String> wrong(MapDefinition definition) {
        if (definition.keySize() != 4) {
            return Optional.of("its keys have 4 bytes");
        }
        boolean second = definition.kind() != MapKind.XSKMAP && definition.valueSize() == 8;
        return definition.valueSize() == 4 || second
                ? Optional.empty()
                : Optional.of(
                        definition.kind() == MapKind.XSKMAP
                                ? "its values have 4 bytes"
                                : "its values have 4 bytes, or 8 if they name a program");
    }

    /** Whether a packet can go to everything in it. */
    public boolean broadcasts() {
        return kind == MapKind.DEVMAP || kind == MapKind.DEVMAP_HASH;
    }

    /** What stands in an entry now: its value in the lower half. 0 if there is no such entry. */
    public long entry(int key, int slot) {
        if (words instanceof Words.Indexed indexed) {
            long at = indexed.at(key);
            return at == 0 ? 0 : Memory.loadLongVolatile(at);
        }
        long place = keys + Words.SIZE * (long) slot;
        Memory.storeInt(place, key);
        return words.get(place);
    }

    /** The interface, CPU or receive queue that an entry means, of which {@link #entry} gave this. */
    public int target(int key, long entry) {
        return kind == MapKind.CPUMAP ? key : (int) entry;
    }

    @Override
    public long lookup(long key, int slot) {
        long at = words.find(key);
        return at == 0 || Memory.loadLongVolatile(at) == 0 ? 0 : at;
    }

    @Override
    public synchronized int update(long key, long value, long flags, int slot) {
        if (Long.compareUnsigned(flags, EXIST) > 0) {
            return -Errno.EINVAL;
        }
        int first = Memory.loadInt(value);
        int program = definition().valueSize() == 8 ? Memory.loadInt(value + 4) : 0;
        return switch (kind) {
            case DEVMAP_HASH -> {
                if (first == 0) {
                    yield -Errno.EINVAL;
                }
                boolean there = words.find(key) != 0;
                yield there && flags == NO_EXIST ? -Errno.EEXIST : device(key, first, program);
            }
            case XSKMAP -> socket(key, first, flags);
            default -> { // Those of indices, whose entries are all there.
                if (words.find(key) == 0) {
                    yield -Errno.E2BIG;
                }
                if (flags == NO_EXIST) {
                    yield -Errno.EEXIST;
                }
                yield kind == MapKind.CPUMAP ? processor(key, first, program) : deviceOrNone(key, first, program);
            }
        };
    }

    private int deviceOrNone(long key, int device, int program) {
        if (device != 0) {
            return device(key, device, program);
        }
        return program > 0 ? -Errno.EINVAL : emptied(key);
    }

    private int device(long key, int device, int program) {
        return device < 0 || program > 0 ? -Errno.EINVAL : words.set(key, device);
    }

    private int processor(long key, int queue, int program) {
        if (Integer.compareUnsigned(queue, LONGEST_QUEUE) > 0) {
            return -Errno.EOVERFLOW;
        }
        if (queue == 0) {
            return emptied(key);
        }
        return program > 0 ? -Errno.EBADF : words.set(key, queue);
    }

    private int socket(long key, int queue, long flags) {
        if (words.find(key) == 0) {
            return -Errno.E2BIG;
        }
        boolean there = words.get(key) != 0;
        if (there && flags == NO_EXIST) {
            return -Errno.EEXIST;
        }
        if (!there && flags == EXIST) {
            return -Errno.ENOENT;
        }
        return words.set(key, PRESENT | Integer.toUnsignedLong(queue));
    }

    private int emptied(long key) {
        int _ = words.clear(key);
        return 0;
    }

    @Override
    public synchronized int delete(long key) {
        if (kind == MapKind.DEVMAP_HASH) {
            return words.clear(key);
        }
        return words.find(key) == 0 ? -Errno.EINVAL : emptied(key);
    }

    @Override
    int nextKey(long key, long next) {
        return words.nextKey(key, next);
    }

    @Override
    public boolean writable() {
        return false;
    }

    @Override
    public boolean inValue(long address, long bytes) {
        return words.inWord(address, bytes, definition().valueSize());
    }

    @Override
    public void each(Consumer<MapEntry> use) {
        words.each((key, word) -> {
            byte[] value = new byte[definition().valueSize()];
            for (int i = 0; i < 4; i++) {
                value[i] = (byte) (word >>> (8 * i));
            }
            use.accept(new MapEntry(key, List.of(ByteString.copyOf(value))));
        });
    }
}
