package dev.turnout.verifier.obligation;

import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.PacketAccess;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.domain.AbstractAlgebra;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Frame;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.SlotObject;
import dev.turnout.verifier.domain.Slots;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.kernel.KernelTypes;
import dev.turnout.verifier.kernel.Loaded;
import dev.turnout.verifier.kernel.ObjectTypes;
import dev.turnout.verifier.report.Violation;
import java.util.Optional;

/** Whether bytes may be accessed through a pointer: a rule a region. */
final class AccessCheck {
    /** A lower bound of an offset beyond this says that there is none. */
    private static final long MOST_TOLD = 1L << 29;

    /** Linux: no program may write the map. */
    static final int READ_ONLY = 1 << 7;
    /** Linux: no program may read it. */
    private static final int WRITE_ONLY = 1 << 8;

    private final BpfProgram program;
    private final Options options;
    private final FieldCheck fields;
    private final KernelTypes types;
    private final ObjectTypes objects;
    private final ContextCheck contexts;

    AccessCheck(BpfProgram program, Options options) {
        this.program = program;
        this.options = options;
        this.fields = new FieldCheck(program);
        this.types = KernelTypes.of(program);
        this.objects = ObjectTypes.of(program);
        this.contexts = new ContextCheck(program);
    }

    /**
     * One access to judge.
     *
     * @param at offset of its first byte from the region's start
     * @param form the same without the displacement, exactly
     * @param displacement what the instruction adds to the form
     * @param bytes bytes accessed at most
     * @param helper whether a helper makes it
     * @param addresses whether stored pointers may be read as numbers
     * @param signed whether what is read is extended by its sign
     */
    record Request(
            int slot,
            Region region,
            Num at,
            Form form,
            long displacement,
            long bytes,
            Obligation.Mode mode,
            boolean atomic,
            boolean helper,
            boolean addresses,
            boolean signed) {
        boolean reads() {
            return mode != Obligation.Mode.WRITE;
        }

        boolean writes() {
            return mode != Obligation.Mode.READ;
        }

        String verb() {
            return helper
                    ? (mode == Obligation.Mode.WRITE ? "the helper writes " : "the helper reads ")
                    : mode == Obligation.Mode.READ ? "reads " : mode == Obligation.Mode.WRITE ? "writes " : "updates ";
        }

        Violation violation(DiagnosticCode code, String message) {
            return Violation.of(code, slot, message);
        }
    }

    Optional<Violation> check(State state, int slot, Obligation.Access access) {
        Value base = state.reg(access.base());
        if (!(base instanceof Value.Pointer pointer)) {
            return Optional.of(notPointer(slot, access, base, state));
        }
        long bytes = access.size().bytes();
        Num at = AbstractAlgebra.INSTANCE.add(Width.W64, state.offset(pointer), Num.constant(access.offset()));
        Request request = new Request(
                slot,
                pointer.region(),
                at,
                pointer.form(),
                access.offset(),
                bytes,
                access.mode(),
                access.atomic(),
                false,
                false,
                access.signed());
        if (pointer.isNullable()) {
            return Optional.of(mayBeNull(slot, access.base().toString(), pointer));
        }
        return check(state, request, pointer);
    }

    static Violation mayBeNull(int slot, String name, Value.Pointer pointer) {
        return Violation.of(DiagnosticCode.V0113, slot, "`" + name + "` may be null here")
                .note("it is a pointer to " + pointer.region().words()
                        + ", or null: nothing on the way here has ruled null out")
                .help("compare it with null, and use it only where it is not");
    }

    private static Violation notPointer(int slot, Obligation.Access access, Value base, State state) {
        String what = base instanceof Value.Scalar scalar ? "a number (" + state.num(scalar) + ")" : base.words();
        return Violation.of(
                        DiagnosticCode.V0112,
                        slot,
                        "`" + access.base() + "` is no pointer to memory, but memory is accessed through it")
                .note("`" + access.base() + "` holds " + what)
                .help(
                        "a pointer stays one only if it is copied whole: arithmetic other than adding a number, a narrow store,"
                                + " or paths that bring different things make it unusable");
    }

    /**
     * A helper's access to {@code bytes.uMax} bytes at most.
     *
     * @param addresses whether it may read stored pointers as numbers
     */
    Optional<Violation> checkHelper(
            State state, int slot, Value.Pointer pointer, Num bytes, boolean writes, boolean addresses) {
        Obligation.Mode mode = writes ? Obligation.Mode.WRITE : Obligation.Mode.READ;
        Num at = state.offset(pointer);
        return check(
                state,
                new Request(
                        slot,
                        pointer.region(),
                        at,
                        pointer.form(),
                        0,
                        bytes.sMax(),
                        mode,
                        false,
                        true,
                        addresses,
                        false),
                pointer);
    }

    private Optional<Violation> check(State state, Request request, Value.Pointer pointer) {
        return switch (request.region) {
            case Region.Context _ -> contexts.context(request, pointer);
            case Region.Stack stack ->
                objects(state, stack.depth(), request).or(() -> stack(state.frame(stack.depth()), request));
            case Region.Packet _ -> packet(state, request, false);
            case Region.PacketMeta _ -> packet(state, request, true);
            case Region.MapValue value -> mapValue(request, value);
            case Region.OneOfMapValues values ->
                values.each().stream()
                        .flatMap(value -> mapValue(request, value).stream())
                        .findFirst();
            case Region.InsnTable table -> table(request, table.bytes(), DiagnosticCode.V0128);
            case Region.FunctionTables tables -> table(request, tables.bytes(), DiagnosticCode.V0131);
            case Region.Memory memory -> memory(request, memory);
            case Region.HelperMemory memory -> helperMemory(request, memory);
            case Region.Socket socket -> contexts.socket(request, socket.kind());
            case Region.FlowKeys _ -> ContextCheck.flowKeys(request);
            case Region.Buffer buffer -> ContextCheck.buffer(request, buffer);
            // Whatever the address: it is made to lie in the arena or in the guards around it, and faults are caught.
            case Region.Arena _ -> Optional.empty();
            case Region.KernelObject object -> object(request, object);
            case Region.Allocated object -> allocated(request, object);
            case Region.MapReference map
            when types.load(program.map(map.map()).kind(), 0, 1) instanceof Loaded.Number ->
                record(request, program.map(map.map()).kind());
            case Region.MapReference _
            when request.mode == Obligation.Mode.READ && options.predicts() ->
                Optional.of(request.violation(
                                DiagnosticCode.V0134,
                                "what a map's own memory holds is known from the kernel's types only")
                        .help("give the kernel's types: `--btf FILE`, where FILE is its `/sys/kernel/btf/vmlinux`"));
            case Region.PacketEnd _, Region.MapReference _, Region.DynptrReference _ ->
                Optional.of(request.violation(
                        DiagnosticCode.V0112, "a pointer to " + request.region.words() + " gives no access to memory"));
        };
    }

    /** Objects of the kernel are read, field by field, wherever the pointer comes from: a fault is caught. */
    private Optional<Violation> object(Request request, Region.KernelObject object) {
        if (types.typeOf(object) == 0) {
            return Optional.of(request.violation(
                            DiagnosticCode.V0134,
                            "what " + object.words() + " holds is known from the kernel's types only")
                    .help("give the kernel's types: `--btf FILE`, where FILE is its `/sys/kernel/btf/vmlinux`"));
        }
        if (!HelperCheck.isGpl(program)) {
            return Optional.of(request.violation(
                            DiagnosticCode.V0125, object.words() + " may be read by GPL-compatible programs only")
                    .help("state `license \"GPL\";`, or another that is compatible, if that is what you want"));
        }
        if (request.writes() || request.atomic()) {
            return Optional.of(
                    request.violation(DiagnosticCode.V0119, "writes to " + object.words() + ", which is only read"));
        }
        if (!request.at.isConstant() || request.helper()) {
            return Optional.of(request.violation(
                    DiagnosticCode.V0112,
                    object.words() + " is no plain memory: it is read field by field, at constant offsets"));
        }
        return types.load(object, request.at.constant(), request.bytes, true) instanceof Loaded.Refused(String why)
                ? Optional.of(request.violation(
                        DiagnosticCode.V0132,
                        request.verb() + bytesWord(request) + " at byte " + request.at.constant() + " of "
                                + object.words() + ": " + why))
                : Optional.empty();
    }

    /** An object of the program's own types: read and written at constant offsets, around what is the kernel's own of it. */
    private Optional<Violation> allocated(Request request, Region.Allocated object) {
        if (request.writes() && object.standing() == Region.Standing.LOST) {
            return Optional.of(request.violation(
                    DiagnosticCode.V0119, "writes to " + object.words() + " that may be gone: it is only read"));
        }
        if (!request.at.isConstant() || request.helper()) {
            return Optional.of(request.violation(
                    DiagnosticCode.V0112,
                    object.words() + " is no plain memory: it is reached field by field, at constant offsets"));
        }
        return inBounds(request, object.bytes(), DiagnosticCode.V0132, object.words())
                .or(() -> fields.untouched(request, object.words(), objects.fields(object)));
    }

    /** Of a map itself, what the kernel keeps of it can be read. */
    private Optional<Violation> record(Request request, MapKind map) {
        if (request.writes() || request.atomic() || request.helper() || !request.at.isConstant()) {
            return Optional.of(request.violation(
                    DiagnosticCode.V0119, "of a map itself, fields can be read at constant offsets, and no more"));
        }
        return types.load(map, request.at.constant(), request.bytes) instanceof Loaded.Refused(String why)
                ? Optional.of(request.violation(
                        DiagnosticCode.V0132,
                        request.verb() + bytesWord(request) + " at byte " + request.at.constant() + " of a map: "
                                + why))
                : Optional.empty();
    }

    private static Optional<Violation> inBounds(Request request, long size, DiagnosticCode code, String what) {
        if (request.bytes == 0 && request.at.sMin() >= 0 && request.at.sMax() <= size) {
            return Optional.empty();
        }
        if (request.at.sMin() < 0) {
            return Optional.of(
                    request.violation(code, request.verb() + bytesWord(request) + " before the start of " + what)
                            .note("the offset is " + request.at)
                            .help("make sure that the offset is not negative: use an unsigned type, or test it"));
        }
        if (request.at.sMax() > size - request.bytes) {
            long most = size - request.bytes;
            Violation violation = request.violation(
                            code, request.verb() + bytesWord(request) + " past the end of " + what)
                    .note("it has " + size + " bytes; the offset is " + request.at
                            + (most >= 0 ? ", required is at most " + most : ""));
            return Optional.of(request.at.isConstant() ? violation : violation.help(bound(request.at, most)));
        }
        return Optional.empty();
    }

    /** The test that would prove it: offsets come in steps, one for each number that an index may be. */
    private static String bound(Num at, long most) {
        int step = Long.numberOfTrailingZeros(at.bits().mask());
        if (step > 32 || at.sMin() > most || at.sMin() <= -MOST_TOLD) {
            return "bound the index from below and above before this access";
        }
        long last = (most - at.sMin()) >> step;
        boolean mask = Long.bitCount(last + 1) == 1;
        return "leave before this access if the index is over " + last
                + (mask ? ", or cut it with `& " + last + "`" : "");
    }

    private static String bytesWord(Request request) {
        return request.bytes == 1 ? "1 byte" : request.bytes + " bytes";
    }

    private Optional<Violation> mapValue(Request request, Region.MapValue value) {
        MapDefinition map = program.map(value.map());
        if (request.writes() && (map.frozen() || (map.flags() & READ_ONLY) != 0)) {
            return Optional.of(request.violation(
                    DiagnosticCode.V0119, "writes to map `" + value.name() + "`, which programs may only read"));
        }
        if (request.reads() && (map.flags() & WRITE_ONLY) != 0) {
            return Optional.of(request.violation(
                    DiagnosticCode.V0119, "reads from map `" + value.name() + "`, which programs may only write"));
        }
        Optional<Violation> bounds = inBounds(request, value.bytes(), DiagnosticCode.V0114, value.words());
        return bounds.or(() -> fields.untouched(
                        request, value.words(), program.map(value.map()).fields()))
                .or(() -> aligned(request, request.atomic));
    }

    private static Optional<Violation> helperMemory(Request request, Region.HelperMemory memory) {
        if (request.writes() && !memory.writable()) {
            return Optional.of(
                    request.violation(DiagnosticCode.V0119, "writes to " + memory.what() + ", which may only be read"));
        }
        Optional<Violation> bounds = inBounds(request, memory.bytes(), DiagnosticCode.V0132, memory.what());
        return bounds.isPresent() ? bounds : aligned(request, request.atomic);
    }

    private static Optional<Violation> memory(Request request, Region.Memory memory) {
        Optional<Violation> bounds = inBounds(request, memory.bytes(), DiagnosticCode.V0132, "the given memory");
        return bounds.isPresent() ? bounds : aligned(request, request.atomic);
    }

    private static Optional<Violation> aligned(Request request, boolean required) {
        boolean fits = (((request.at.bits().value() | request.at.bits().mask()) & (request.bytes - 1)) == 0);
        if (!required || request.helper || fits) {
            return Optional.empty();
        }
        return Optional.of(
                request.violation(DiagnosticCode.V0133, "the access is not aligned to its " + bytesWord(request))
                        .note("the offset is " + request.at));
    }

    /** @param whole the code of a load of something else than an entry */
    private static Optional<Violation> table(Request request, long bytes, DiagnosticCode whole) {
        if (request.writes() || request.helper) {
            return Optional.of(request.violation(
                    DiagnosticCode.V0119, request.region.words() + " cannot be written or passed to a helper"));
        }
        if (request.bytes != 8 || request.atomic) {
            return Optional.of(
                    request.violation(whole, "an entry of " + request.region.words() + " is loaded whole, as 8 bytes"));
        }
        if (request.at.sMin() < 0 || request.at.sMax() > bytes - 8) {
            long entries = bytes / 8;
            return Optional.of(request.violation(
                            DiagnosticCode.V0129, "the index may be outside of " + request.region.words())
                    .note("it has " + entries + " entries; the byte offset is " + request.at + ", required is 0 to "
                            + (bytes - 8))
                    .help("compare the index with " + entries + " before it is used, unsigned, and over all its bits"));
        }
        return aligned(request, true);
    }

    /** Bytes of objects that helpers keep on the stack are not read, and not overwritten where that would lose what must be given back. */
    private static Optional<Violation> objects(State state, int depth, Request request) {
        if (state.frame(depth).objects().isEmpty()) {
            return Optional.empty();
        }
        long first = Math.max(request.at.sMin(), -Frame.BYTES);
        long bytes = Math.min(request.at.sMax(), 0) - first + request.bytes;
        if (bytes <= 0) {
            return Optional.empty();
        }
        Slots.Place place = new Slots.Place(depth, (int) first);
        if (request.writes() && !request.helper) {
            return SlotCheck.losesHeld(state, place, (int) bytes)
                    .map(lost -> request.violation(
                                    DiagnosticCode.V0146,
                                    "the store overwrites " + lost.words() + ", which must be given back")
                            .help("give it back first"));
        }
        return SlotCheck.hit(state, place, (int) bytes)
                .map(object -> request.violation(
                        object instanceof SlotObject.Dynptr ? DiagnosticCode.V0146 : DiagnosticCode.V0147,
                        request.verb() + "bytes of " + object.words() + ", which are the kernel's own"));
    }

    private Optional<Violation> stack(Frame frame, Request request) {
        Num at = request.at;
        if (at.sMin() < -Frame.BYTES || at.sMax() > -request.bytes) {
            if (request.bytes == 0 && at.sMax() <= 0 && at.sMin() >= -Frame.BYTES && at.sMin() < 0) {
                return Optional.empty();
            }
            Violation violation = request.violation(
                            DiagnosticCode.V0115, request.verb() + bytesWord(request) + " outside of the stack frame")
                    .note("the frame is the " + Frame.BYTES + " bytes below `r10`; the offset from it is " + at);
            return Optional.of(at.isConstant() ? violation : violation.help(bound(at, -request.bytes)));
        }
        boolean strict = options.policy() == Options.Policy.LINUX || request.atomic;
        if (request.atomic && !at.isConstant() && options.policy() == Options.Policy.LINUX) {
            return Optional.of(
                    request.violation(DiagnosticCode.V0115, "an atomic operation on the stack is at a constant offset")
                            .note("the offset is " + at));
        }
        Optional<Violation> misaligned = aligned(request, strict && Long.bitCount(request.bytes) == 1);
        if (misaligned.isPresent() || !request.reads()) {
            return misaligned;
        }
        int first = (int) at.sMin();
        int all = (int) (at.sMax() - at.sMin() + request.bytes);
        if (frame.holdsObject(first, all)) {
            return Optional.of(request.violation(
                            DiagnosticCode.V0122, request.verb() + "a kernel's object on the stack as if it were data")
                    .note("only the functions that are made for it may look inside"));
        }
        if (at.isConstant() && !request.helper) {
            int cell = frame.covering(first, all);
            if (cell >= 0) {
                boolean whole = frame.width(cell) == all;
                return whole || frame.value(cell) instanceof Value.Scalar
                        ? Optional.empty()
                        : Optional.of(partOfPointer(request));
            }
        }
        if (options.mayLeak()) {
            return Optional.empty();
        }
        return hidden(frame, request, first, all);
    }

    /** The program learns nothing that it did not write as a number itself. */
    private static Optional<Violation> hidden(Frame frame, Request request, int first, int all) {
        // Where code lies is shown to nobody, also where pointers are printed.
        if (request.addresses ? frame.holdsFunction(first, all) : frame.holdsPointer(first, all)) {
            return Optional.of(partOfPointer(request));
        }
        if (!frame.isTouched(first, all)) {
            int missing = first;
            while (frame.isTouched(missing, 1)) {
                missing++;
            }
            return Optional.of(
                    request.violation(DiagnosticCode.V0116, request.verb() + "stack bytes that nothing has written")
                            .note("byte " + missing + " from the frame pointer is not written on some path")
                            .help("write the whole variable first, padding included"));
        }
        return Optional.empty();
    }

    private static Violation partOfPointer(Request request) {
        return request.violation(DiagnosticCode.V0122, request.verb() + "a stored pointer as if it were a number")
                .note("a pointer on the stack is read back whole, 8 bytes at its own place");
    }

    private Optional<Violation> packet(State state, Request request, boolean meta) {
        PacketAccess allowed = program.type().map(ProgramType::packetAccess).orElse(PacketAccess.NONE);
        if (request.atomic) {
            return Optional.of(request.violation(DiagnosticCode.V0119, "the packet takes no atomic operation"));
        }
        if (request.writes() && allowed != PacketAccess.DIRECT_WRITE) {
            return Optional.of(
                    request.violation(DiagnosticCode.V0119, "programs of this type may not write the packet"));
        }
        if (request.at.sMin() < 0) {
            return Optional.of(request.violation(
                            DiagnosticCode.V0117,
                            request.verb() + bytesWord(request) + " before the start of " + request.region.words())
                    .note("the offset is " + request.at)
                    .help("make sure that the offset is not negative"));
        }
        Form form = request.form;
        long needed = form.constant() + request.displacement + request.bytes;
        long own = state.packet().bound(meta, form.key());
        if (own >= needed) {
            return Optional.empty();
        }
        long start = state.packet().bound(meta, Form.ZERO);
        boolean walkSeesConstant = form.isPathConstant();
        if (walkSeesConstant && request.at.sMax() <= 0xffff && start >= request.at.sMax() + request.bytes) {
            return Optional.empty();
        }
        return Optional.of(notProven(request, form, own, start, walkSeesConstant));
    }

    private static Violation notProven(Request request, Form form, long own, long start, boolean walkSeesConstant) {
        String end = request.region instanceof Region.PacketMeta ? "data" : "data_end";
        if (request.at.isConstant()) {
            long first = request.at.constant();
            long proven = Math.max(0, start);
            return request.violation(
                            DiagnosticCode.V0117,
                            request.verb() + bytesWord(request) + " at offset " + first + " of "
                                    + request.region.words() + ", which is proven to have "
                                    + (proven == 1 ? "1 byte" : proven + " bytes") + " only")
                    .help("leave before this access if `data + " + (first + request.bytes) + " > " + end + "`");
        }
        Violation violation = request.violation(
                        DiagnosticCode.V0117,
                        request.verb() + bytesWord(request) + " of " + request.region.words()
                                + " at a variable offset that is not proven present")
                .note("the offset is " + request.at);
        if (own != Long.MIN_VALUE) {
            violation = violation.note("a comparison proves " + (own - form.constant()) + " bytes behind this pointer, "
                    + (request.displacement + request.bytes) + " are needed");
        } else if (start != Long.MIN_VALUE && !walkSeesConstant) {
            violation = violation.note("a comparison proves " + start
                    + " bytes from the start, which does not count for an offset that is no constant");
        }
        return violation.help(
                "after adding the offset (at most 65535), compare this very pointer, or a copy of it, plus "
                        + (request.displacement + request.bytes) + " with `" + end + "`");
    }
}
