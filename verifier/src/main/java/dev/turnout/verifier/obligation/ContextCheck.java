package dev.turnout.verifier.obligation;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.program.AttachType;
import dev.turnout.stdlib.program.ContextField;
import dev.turnout.stdlib.program.ContextLayout;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.stdlib.program.SocketKind;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.kernel.Loaded;
import dev.turnout.verifier.kernel.TypedContext;
import dev.turnout.verifier.report.Violation;
import java.util.Optional;

/**
 * Whether fields may be touched: of the context, of sockets, of flow keys. What may be done is in rows, see {@link ContextLayout} and
 * {@link ProgramType}; here is only what a pointer to them may be.
 */
final class ContextCheck {
    private final BpfProgram program;
    private final AttachType attach;
    private final Optional<TypedContext> typed;

    ContextCheck(BpfProgram program) {
        this.program = program;
        this.attach = program.attach();
        this.typed = TypedContext.of(program);
    }

    Optional<Violation> context(AccessCheck.Request request, Value.Pointer pointer) {
        ProgramType type = program.type()
                .orElseThrow(() -> new IllegalStateException("a context in a program that is called with memory"));
        ContextLayout layout = type.context();
        if (request.atomic() || (request.helper() && layout.moves() != ContextLayout.Moves.FREELY)) {
            return Optional.of(request.violation(
                    DiagnosticCode.V0118,
                    "the context is no plain memory: it takes loads and stores of its fields only"));
        }
        Optional<Violation> moved = switch (layout.moves()) {
            case NEVER -> pointer.form().equals(Form.ZERO) ? Optional.empty() : Optional.of(moved(request));
            case BY_CONSTANTS ->
                request.at().isConstant() && request.at().constant() >= request.displacement()
                        ? Optional.empty()
                        : Optional.of(moved(request));
            case FREELY -> Optional.empty();
        };
        if (moved.isPresent()) {
            return moved;
        }
        if (layout.moves() == ContextLayout.Moves.FREELY) {
            return inMemory(request, layout.size());
        }
        if (layout == ContextLayout.OPAQUE) {
            return typed(request, type);
        }
        long at = request.at().constant();
        Optional<ContextField> field = at >= 0 && at < layout.size() ? layout.at((int) at) : Optional.empty();
        if (field.isEmpty()) {
            return Optional.of(request.violation(
                    DiagnosticCode.V0118, "`" + layout.kernelName() + "` has no field at byte " + at));
        }
        return field(request, type, field.get(), (int) at);
    }

    private Optional<Violation> typed(AccessCheck.Request request, ProgramType type) {
        if (typed.isEmpty()) {
            Violation unknown = request.violation(
                            DiagnosticCode.V0134, "the context of this program is known from the kernel's types only")
                    .note("`" + program.section() + "` gives a `" + type.word()
                            + "` program the arguments of what it is attached to");
            return Optional.of(
                    program.surroundings().kernel().size() == 0
                            ? unknown.help(
                                    "give the kernel's types: `--btf FILE`, where FILE is its `/sys/kernel/btf/vmlinux`")
                            : unknown.note("the kernel's types have nothing of that name"));
        }
        if (request.writes() || request.signed()) {
            return Optional.of(request.violation(
                    DiagnosticCode.V0118, "the arguments in the context are read, as numbers without a sign"));
        }
        return typed.get().load(request.at().constant(), request.bytes()) instanceof Loaded.Refused(String why)
                ? Optional.of(request.violation(DiagnosticCode.V0118, why))
                : Optional.empty();
    }

    private static Violation moved(AccessCheck.Request request) {
        return request.violation(DiagnosticCode.V0118, "the context is accessed through a pointer that was moved")
                .help("access its fields at constant offsets from the pointer that the program was given");
    }

    private static Optional<Violation> inMemory(AccessCheck.Request request, long size) {
        if (request.at().sMin() >= 0 && request.at().sMax() <= size - request.bytes()) {
            return Optional.empty();
        }
        return Optional.of(request.violation(
                        DiagnosticCode.V0118,
                        request.verb() + request.bytes() + " bytes that may lie outside of the context")
                .note("the offset is " + request.at() + "; a context has at most " + size + " bytes")
                .help("test the offset before this access"));
    }

    private Optional<Violation> field(AccessCheck.Request request, ProgramType type, ContextField field, int at) {
        boolean allowed = request.writes() ? type.mayWrite(field, attach) : type.mayRead(field, attach);
        if (!allowed) {
            Violation violation = request.violation(
                    DiagnosticCode.V0118,
                    "a `" + type.word() + "` program may not " + (request.writes() ? "write" : "read") + " the field `"
                            + field.name() + "`");
            boolean elsewhere = false;
            for (AttachType other : AttachType.values()) {
                elsewhere |= request.writes() ? type.mayWrite(field, other) : type.mayRead(field, other);
            }
            return Optional.of(
                    elsewhere
                            ? violation.note("it could if it were attached elsewhere: the section `" + program.section()
                                    + "` says where this one is")
                            : violation);
        }
        if (request.signed() && field.kind().isPacket()) {
            return Optional.of(request.violation(
                    DiagnosticCode.V0118,
                    "the field `" + field.name() + "` is a pointer, which has no sign to extend"));
        }
        int bytes = (int) request.bytes();
        return type.context().table().fits(field, at, bytes, request.writes())
                ? Optional.empty()
                : Optional.of(width(request, DiagnosticCode.V0118, field, at));
    }

    private static Violation width(AccessCheck.Request request, DiagnosticCode code, ContextField field, long at) {
        return request.violation(
                        code,
                        "the field `" + field.name() + "` is not accessed as " + request.bytes() + " bytes at byte "
                                + at)
                .note("it is bytes " + field.offset() + " to " + (field.offset() + field.bytes()));
    }

    /** A pointer to a socket cannot be moved, so the offset is the instruction's. */
    Optional<Violation> socket(AccessCheck.Request request, SocketKind kind) {
        if (request.writes() || request.helper() || request.atomic()) {
            return Optional.of(request.violation(
                            DiagnosticCode.V0161,
                            "a socket is the kernel's: programs load its fields, and nothing else")
                    .help("use a helper, such as `setsockopt`, to change it"));
        }
        long at = request.at().isConstant() ? request.at().constant() : -1;
        Optional<ContextField> field =
                at >= 0 && at < kind.table().size() ? kind.table().at((int) at) : Optional.empty();
        if (field.isEmpty() || !kind.shows(field.get())) {
            Violation violation =
                    request.violation(DiagnosticCode.V0161, "`" + kind.kernelName() + "` shows no field at byte " + at);
            return Optional.of(
                    kind == SocketKind.COMMON && field.isPresent()
                            ? violation
                                    .note("`" + field.get().name() + "` is a field of full sockets only")
                                    .help("call `sk_fullsock` first, and test its result for null")
                            : violation);
        }
        return kind.table().fits(field.get(), (int) at, (int) request.bytes(), false)
                ? Optional.empty()
                : Optional.of(width(request, DiagnosticCode.V0161, field.get(), at));
    }

    /** Any bytes of the keys, read or written, at constant offsets. */
    static Optional<Violation> flowKeys(AccessCheck.Request request) {
        int size = ContextLayout.FLOW_KEYS.size();
        if (request.atomic() || !request.at().isConstant()) {
            return Optional.of(request.violation(
                    DiagnosticCode.V0118, "the flow keys take loads and stores at constant offsets only"));
        }
        long at = request.at().constant();
        return at >= 0 && at + request.bytes() <= size
                ? Optional.empty()
                : Optional.of(request.violation(
                                DiagnosticCode.V0118,
                                request.verb() + "bytes " + at + " to " + (at + request.bytes()) + " of the flow keys")
                        .note("they have " + size));
    }

    /** The kernel compares the furthest byte with the size of the buffer when it attaches the program. */
    static Optional<Violation> buffer(AccessCheck.Request request, Region.Buffer buffer) {
        if (request.helper()) {
            return Optional.of(request.violation(
                    DiagnosticCode.V0134, "what helpers do with " + buffer.words() + " is not modelled"));
        }
        if (request.writes() && !buffer.writable()) {
            return Optional.of(request.violation(DiagnosticCode.V0119, buffer.words() + " may only be read"));
        }
        if (request.at().isConstant() && request.at().constant() >= 0) {
            return Optional.empty();
        }
        return Optional.of(request.violation(
                        DiagnosticCode.V0118,
                        request.verb() + request.bytes() + " bytes of " + buffer.words()
                                + " at an offset that is no constant")
                .note("the offset is " + request.at()
                        + "; how long the buffer is shows only where the program is attached"));
    }
}
