package dev.turnout.verifier.signature;

import dev.turnout.bpf.btf.Btf;
import dev.turnout.bpf.btf.BtfType;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Prototype;
import dev.turnout.stdlib.program.ContextLayout;
import dev.turnout.stdlib.program.ProgramType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a prototype as Linux does: {@code btf_prepare_func_args}. */
final class SignatureReader {
    private static final int MOST_PARAMETERS = 5;
    private static final String TAG = "arg:";
    private static final String REGISTERS = "bpf_user_pt_regs_t";
    /** A chain of types that is longer goes round. */
    private static final int MOST_TYPES = 32;

    private final BpfProgram program;
    private final Btf types;
    private final Effects effects;
    private String objection = "";
    private boolean forTypes;

    SignatureReader(BpfProgram program) {
        this.program = program;
        this.types = program.surroundings().types();
        this.effects = new Effects(program);
    }

    Signature read(int number) {
        BpfProgram.FunctionRange function = program.functions().get(number);
        Prototype prototype = function.prototype();
        objection = "";
        forTypes = false;
        List<Parameter> parameters = new ArrayList<>();
        if (prototype.parameters().size() > MOST_PARAMETERS) {
            objection = "it has more than five parameters";
        }
        for (int i = 0; objection.isEmpty() && i < prototype.parameters().size(); i++) {
            parameter(prototype.parameters().get(i), "parameter " + (i + 1)).ifPresent(parameters::add);
        }
        int result = types.strip(prototype.result());
        boolean arena = types.find(result).orElse(null) instanceof BtfType.Pointer && inArena(prototype.result());
        if (objection.isEmpty() && prototype.result() != 0 && result != 0 && !isNumber(result) && !arena) {
            objection = "it gives neither a number, nor an address in an arena, nor nothing";
        }
        return objection.isEmpty()
                ? new Signature.Typed(
                        number,
                        function.name(),
                        parameters,
                        result != 0,
                        effects.movePacket(number),
                        effects.sleep(number))
                : new Signature.Untyped(number, function.name(), objection, forTypes);
    }

    private boolean isNumber(int type) {
        return switch (types.find(type).orElse(null)) {
            case BtfType.Int _, BtfType.Enumeration _ -> true;
            case null, default -> false;
        };
    }

    private Optional<Parameter> object(String why) {
        objection = why;
        return Optional.empty();
    }

    private Optional<Parameter> parameter(Prototype.Parameter parameter, String what) {
        List<String> tags = tags(parameter);
        int stripped = types.strip(parameter.type());
        if (!(types.find(stripped).orElse(null) instanceof BtfType.Pointer pointer)) {
            if (!tags.isEmpty()) {
                return object(what + " has a tag for pointers and is none");
            }
            return isNumber(stripped)
                    ? Optional.of(new Parameter.Number())
                    : object(what + " is neither a number nor a pointer");
        }
        if (tags.contains("ctx") || isContext(pointer.to())) {
            return tags.stream().allMatch("ctx"::equals)
                    ? Optional.of(new Parameter.Context())
                    : object(what + " has tags that contradict each other");
        }
        if (named(pointer.to()).equals("bpf_dynptr")) {
            return tags.isEmpty()
                    ? Optional.of(new Parameter.Dynptr())
                    : object(what + " has tags that contradict each other");
        }
        if (tags.contains("trusted") || tags.contains("untrusted")) {
            forTypes = true;
            return object(what + " is an object of the kernel");
        }
        if (tags.contains("arena")) {
            return Optional.of(new Parameter.ArenaAddress());
        }
        if (tags.contains("nullable")) {
            return object(what + " has tags that contradict each other");
        }
        long bytes = size(pointer.to(), 0);
        return bytes < 0
                ? object(what + " points to something whose size its type does not say")
                : Optional.of(new Parameter.Memory(bytes, !tags.contains("nonnull")));
    }

    /** Annotations of the declaration, and {@code __arena} of the type; without their prefix. */
    private List<String> tags(Prototype.Parameter parameter) {
        List<String> tags = new ArrayList<>();
        for (String tag : parameter.tags()) {
            if (tag.startsWith(TAG)) {
                tags.add(tag.substring(TAG.length()));
            }
        }
        if (inArena(parameter.type())) {
            tags.add("arena");
        }
        return tags;
    }

    /** Whether the type, or what it points to, is marked as lying in an arena. */
    private boolean inArena(int type) {
        int at = type;
        for (int i = 0; i < MOST_TYPES; i++) {
            switch (types.find(at).orElse(null)) {
                case BtfType.Modifier(BtfType.Modifier.Kind kind, String name, int to) -> {
                    if (kind == BtfType.Modifier.Kind.TYPE_TAG && name.equals("arena")) {
                        return true;
                    }
                    at = to;
                }
                case BtfType.Typedef typedef -> at = typedef.to();
                case BtfType.Pointer pointer -> at = pointer.to();
                case null, default -> {
                    return false;
                }
            }
        }
        return false;
    }

    private String named(int type) {
        return types.find(types.strip(type)).orElse(null) instanceof BtfType.Composite struct && !struct.union()
                ? struct.name()
                : "";
    }

    /** Whether a pointer to the type is one to the context, by the name of the kernel's struct. */
    private boolean isContext(int type) {
        Optional<ContextLayout> layout = program.type().map(ProgramType::context);
        if (layout.isEmpty()) {
            return false;
        }
        boolean nameless = switch (layout.get()) {
            case OPAQUE, SYSCALL, TRACEPOINT, LIRC -> true;
            default -> false;
        };
        boolean registers = layout.get() == ContextLayout.PT_REGS && isTypedef(type, REGISTERS);
        // Older headers made the name of the registers' type a struct of its own.
        registers |= layout.get() == ContextLayout.PT_REGS && named(type).equals(REGISTERS);
        return registers || (!nameless && named(type).equals(layout.get().kernelName()));
    }

    private boolean isTypedef(int type, String name) {
        int at = type;
        for (int i = 0; i < MOST_TYPES; i++) {
            switch (types.find(at).orElse(null)) {
                case BtfType.Modifier modifier -> at = modifier.to();
                case BtfType.Typedef typedef -> {
                    return typedef.name().equals(name);
                }
                case null, default -> {
                    return false;
                }
            }
        }
        return false;
    }

    /** Bytes of a type; -1 if it has no size. */
    private long size(int type, int depth) {
        return switch (types.find(types.strip(type)).orElse(null)) {
            case BtfType.Int number -> number.bytes();
            case BtfType.Pointer _ -> Long.BYTES;
            case BtfType.Composite struct -> struct.size();
            case BtfType.Enumeration enumeration -> enumeration.bytes();
            case BtfType.FloatingPoint number -> number.bytes();
            case BtfType.Array array -> {
                long one = depth < MOST_TYPES ? size(array.of(), depth + 1) : -1;
                yield one < 0 || array.count() > Integer.MAX_VALUE || one > Integer.MAX_VALUE
                        ? -1
                        : one * array.count();
            }
            case null, default -> -1;
        };
    }
}
