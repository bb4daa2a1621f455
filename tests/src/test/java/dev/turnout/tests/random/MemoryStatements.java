package dev.turnout.tests.random;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.MapDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Accesses to memory, stack and map values, at constant places and at places that a mask or a comparison bounds. */
final class MemoryStatements {
    private static final int NO_SKIP = -1;
    private static final List<Size> SIZES = List.of(Size.values());

    private final FunctionDraft function;
    private final Ingredients all;

    MemoryStatements(FunctionDraft function) {
        this.function = function;
        this.all = function.all;
    }

    /** Bytes that may be accessed. */
    private sealed interface Area {
        int size();

        /** Behind a register. */
        record Behind(Reg base, int offset, int size, Kind kind) implements Area {}

        /** The value of a data section. */
        record Section(int map, int size, boolean writable) implements Area {}
    }

    private enum Kind {
        MEMORY,
        PACKET,
        STACK,
        VALUE
    }

    /**
     * Where an access goes.
     *
     * @param skip label behind the access, for the case that it must not happen; or {@link #NO_SKIP}
     */
    private record Place(Reg base, int offset, int skip) {}

    private List<Area> areas(boolean written) {
        List<Area> areas = new ArrayList<>();
        if (function.bytes > 0) {
            areas.add(new Area.Behind(function.memory, 0, function.bytes, all.isPacket() ? Kind.PACKET : Kind.MEMORY));
        }
        if (function.stack > 0) {
            areas.add(new Area.Behind(Reg.R10, -function.stack, function.stack, Kind.STACK));
        }
        for (int map = 0; map < all.maps.size(); map++) {
            MapDefinition definition = all.maps.get(map);
            if (definition.content() instanceof MapDefinition.Content.Data data && !(written && data.frozen())) {
                areas.add(new Area.Section(map, definition.valueSize(), !data.frozen()));
            }
        }
        return areas;
    }

    /** Some access anywhere; nothing if there is nothing to access. */
    void access() {
        boolean written = all.random.nextBoolean();
        List<Area> areas = areas(written);
        if (!areas.isEmpty()) {
            if (written) {
                store(all.pick(areas));
            } else {
                load(all.pick(areas));
            }
        }
    }

    /** An access of a map's value, to which a register points. */
    void accessValue(Reg pointer, int size) {
        Area value = new Area.Behind(pointer, 0, size, Kind.VALUE);
        switch (all.random.nextInt(all.has(Construct.ATOMICS) ? 3 : 2)) {
            case 0 -> load(value);
            case 1 -> store(value);
            default -> atomic(value);
        }
    }

    void atomic() {
        List<Area> areas = new ArrayList<>(areas(true));
        areas.removeIf(area -> area instanceof Area.Behind behind && behind.kind == Kind.PACKET);
        if (!areas.isEmpty()) {
            atomic(all.pick(areas));
        }
    }

    private void load(Area area) {
        Optional<Size> size = size(area);
        if (size.isEmpty()) {
            return;
        }
        boolean signed = size.get() != Size.DW && all.random.nextBoolean();
        // A register that another one points with must survive until the access.
        Reg dst = function.target();
        Place place = place(area, size.get(), alignment(area, size.get(), false));
        function.add(new Insn.Load(size.get(), signed, dst, place.base, place.offset));
        end(place);
    }

    private void store(Area area) {
        Optional<Size> size = size(area);
        if (size.isEmpty()) {
            return;
        }
        Operand value = all.oneIn(3) ? Operand.of(all.constant()) : Operand.of(function.source());
        Place place = place(area, size.get(), alignment(area, size.get(), false));
        function.add(new Insn.Store(size.get(), place.base, place.offset, value));
        end(place);
    }

    private void atomic(Area area) {
        AtomicOp op = all.pick(List.of(AtomicOp.values()));
        boolean ordered = op == AtomicOp.LOAD_ACQUIRE || op == AtomicOp.STORE_RELEASE;
        List<Size> sizes = new ArrayList<>(ordered ? SIZES : List.of(Size.W, Size.DW));
        sizes.removeIf(size -> size.bytes() > area.size());
        boolean exchangesR0 = op == AtomicOp.CMPXCHG;
        if (sizes.isEmpty() || (exchangesR0 && (function.kept.has(Reg.R0) || isBase(area, Reg.R0)))) {
            return;
        }
        Size size = all.pick(sizes);
        boolean writesValue = op.fetches() || op == AtomicOp.LOAD_ACQUIRE;
        Reg value = writesValue ? function.target() : function.source();
        if (exchangesR0 && !function.live.has(Reg.R0)) {
            function.number(Reg.R0);
        }
        Place place = place(area, size, alignment(area, size, true));
        // Otherwise hardly any would find what it expects.
        if (exchangesR0 && all.random.nextBoolean()) {
            function.add(new Insn.Load(size, false, Reg.R0, place.base, place.offset));
        }
        function.add(new Insn.Atomic(op, size, place.base, place.offset, value));
        end(place);
    }

    private void end(Place place) {
        if (place.skip != NO_SKIP) {
            function.code.place(place.skip);
        }
    }

    private static boolean isBase(Area area, Reg reg) {
        return area instanceof Area.Behind behind && behind.base == reg;
    }

    private Optional<Size> size(Area area) {
        List<Size> sizes = new ArrayList<>(SIZES);
        sizes.removeIf(size -> size.bytes() > area.size());
        return sizes.isEmpty() ? Optional.empty() : Optional.of(all.pick(sizes));
    }

    private static int alignment(Area area, Size size, boolean atomic) {
        boolean stack = area instanceof Area.Behind behind && behind.kind == Kind.STACK;
        return atomic || stack ? size.bytes() : 1;
    }

    private Place place(Area area, Size size, int alignment) {
        int room = area.size() - size.bytes();
        boolean packet = area instanceof Area.Behind behind && behind.kind == Kind.PACKET;
        boolean canMove = !packet || function.packetEnd != Reg.R10;
        if (room == 0 || !canMove || all.oneIn(2)) {
            return constantPlace(area, all.random.nextInt(room / alignment + 1) * alignment);
        }
        return indexedPlace(area, size, alignment, room);
    }

    private Place constantPlace(Area area, int at) {
        return switch (area) {
            case Area.Behind behind -> new Place(behind.base, behind.offset + at, NO_SKIP);
            case Area.Section section -> {
                int inPointer = all.random.nextInt(at + 1);
                function.add(new Insn.Wide(function.address, WideKind.MAP_INDEX_VALUE, section.map, inPointer));
                yield new Place(function.address, at - inPointer, NO_SKIP);
            }
        };
    }

    /** An index in the address register, bounded in one of several ways, to which the base is added. */
    private Place indexedPlace(Area area, Size size, int alignment, int room) {
        int displacement = all.random.nextInt(room / alignment + 1) * alignment;
        int most = room - displacement;
        Reg address = function.address;
        Reg index = function.source();
        Width width = all.oneIn(3) ? Width.W32 : Width.W64;
        function.add(new Insn.Alu(AluOp.MOV, width, address, Operand.of(index)));
        int skip = bound(address, width, alignment, most);
        switch (area) {
            case Area.Behind behind -> {
                function.alu(AluOp.ADD, address, behind.base);
                if (behind.kind == Kind.PACKET) {
                    skip = skip == NO_SKIP ? function.code.label() : skip;
                    function.move(function.scratch, address);
                    function.alu(AluOp.ADD, function.scratch, displacement + size.bytes());
                    function.code.add(
                            new Insn.JumpIf(JumpOp.JGT, Width.W64, function.scratch, Operand.of(function.packetEnd), 0),
                            skip);
                }
                return new Place(address, behind.offset + displacement, skip);
            }
            case Area.Section section -> {
                function.add(new Insn.Wide(function.scratch, WideKind.MAP_INDEX_VALUE, section.map, 0));
                function.alu(AluOp.ADD, address, function.scratch);
                return new Place(address, displacement, skip);
            }
        }
    }

    /** Makes the register at most {@code most}, and a multiple of the alignment: the label to skip to where it is not. */
    private int bound(Reg reg, Width width, int alignment, int most) {
        int bits = 31 - Integer.numberOfLeadingZeros(most + 1);
        int mask = (1 << bits) - 1;
        int wrong = all.oneIn(100) ? 1 : 0;
        switch (all.random.nextInt(alignment == 1 ? 5 : 2)) {
            case 0 ->
                function.add(new Insn.Alu(AluOp.AND, width, reg, Operand.of((mask & -alignment) + wrong * alignment)));
            case 1 -> {
                int low = Integer.numberOfTrailingZeros(alignment);
                int kept = Math.max(0, bits - low);
                // A shift by the whole width is not one: such an index is made 0 otherwise.
                if (kept == 0) {
                    function.add(new Insn.Alu(AluOp.AND, width, reg, Operand.of(0)));
                } else {
                    function.add(new Insn.Alu(AluOp.RSH, width, reg, Operand.of(width.bits() - kept)));
                    function.add(new Insn.Alu(AluOp.LSH, width, reg, Operand.of(low)));
                }
            }
            case 2 -> function.add(new Insn.Alu(AluOp.MOD, width, reg, Operand.of(most + 1 + wrong)));
            case 3 -> {
                int skip = function.code.label();
                function.jump(JumpOp.JGT, reg, most + wrong, skip);
                return skip;
            }
            default -> {
                int skip = function.code.label();
                function.jump(JumpOp.JSGE, reg, most + 1 + wrong, skip);
                function.jump(JumpOp.JSLT, reg, 0, skip);
                return skip;
            }
        }
        return NO_SKIP;
    }
}
