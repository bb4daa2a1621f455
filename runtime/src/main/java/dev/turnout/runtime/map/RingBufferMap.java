package dev.turnout.runtime.map;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.memory.Mapping;
import dev.turnout.runtime.memory.Memory;
import dev.turnout.stdlib.map.MapFlag;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** {@code ringbuf}: records from all CPUs in one order. It has no keys; {@code max_entries} is its size in bytes. */
public final class RingBufferMap extends RecordMap implements EventSource {
    /** What {@link #query} may be asked for. */
    private static final int AVAILABLE = 0;

    private static final int SIZE = 1;
    private static final int CONSUMER = 2;
    private static final int PRODUCER = 3;
    private static final int OVERWRITTEN = 4;

    private final EventRing ring;
    private final Arrivals arrivals = new Arrivals();
    private final ConsumerTurn turn = new ConsumerTurn();

    private RingBufferMap(MapDefinition definition, Mapping memory) {
        super(definition, memory);
        this.ring = new EventRing(
                memory.address(), definition.maxEntries(), definition.has(MapFlag.RB_OVERWRITE), arrivals);
    }

    static MapFactory.Plan plan(MapDefinition definition) {
        return new MapFactory.Plan(
                EventRing.DATA + 2 * definition.maxEntries(),
                () -> EventRing.room(definition.maxEntries()),
                memory -> new RingBufferMap(definition, memory));
    }

    /** Why Linux would not make a ring so; empty if it would. */
    static Optional<String> wrong(MapDefinition definition) {
        if (definition.keySize() != 0 || definition.valueSize() != 0) {
            return Optional.of("it has neither keys nor values, so their sizes are 0");
        }
        return EventRing.fits(definition.maxEntries())
                ? Optional.empty()
                : Optional.of("its entries are bytes: a power of two, at least 4096");
    }

    // Programs.

    /** Address of the bytes of a new record, which must be submitted or discarded; 0 if there is no room. */
    public long reserve(long bytes) {
        return ring.reserve(bytes);
    }

    /** The header of the map of whose records this is one. */
    public static long mapOf(long record) {
        return EventRing.baseOf(record);
    }

    /** Lets the consumer have a record, or with {@code discarded} takes it back. */
    public void commit(long record, long flags, boolean discarded) {
        ring.commit(record, flags, discarded);
    }

    /** A number about the ring, as {@code bpf_ringbuf_query} gives it; 0 for what it does not know. */
    public long query(long what) {
        if (what < 0 || what > OVERWRITTEN) {
            return 0;
        }
        return switch ((int) what) {
            case AVAILABLE -> ring.available();
            case SIZE -> ring.size();
            case CONSUMER -> ring.consumerPosition();
            case PRODUCER -> ring.producerPosition();
            default -> ring.overwritePosition();
        };
    }

    // The consumer.

    @Override
    public int consume(RecordUse use, int most) {
        return turn.alone(() -> ring.consume(use, most));
    }

    @Override
    public void show(RecordUse use) {
        turn.alone(() -> {
            ring.show(use);
            return 0;
        });
    }

    @Override
    public long lost() {
        return ring.lost();
    }

    @Override
    public boolean ready() {
        return ring.ready();
    }

    @Override
    public void waiting(int change) {
        ring.waiting(change);
    }

    @Override
    public Arrivals arrivals() {
        return arrivals;
    }

    @Override
    public boolean inValue(long address, long bytes) {
        return ring.holds(address, bytes);
    }

    /** The records that are finished, as values of no key; they stay. */
    @Override
    public void each(Consumer<MapEntry> use) {
        show((at, bytes) ->
                use.accept(new MapEntry(ByteString.EMPTY, List.of(ByteString.copyOf(Memory.copyOut(at, bytes))))));
    }

    @Override
    public void close() {
        super.close();
        arrivals.tell();
    }
}
