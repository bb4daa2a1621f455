package dev.turnout.tests.maps;

import dev.turnout.bpf.asm.InsnParser;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.bpf.program.MapField;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.runtime.helper.HelperCalls;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.tests.maps.MapOperation.Verb;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A program that does one operation with a map: which, it reads from the value of a second map, {@value #TICKET}, where it also
 * leaves what came of it. Written for one definition, for the verifier must see how long keys and values are.
 */
final class OperationProgram {
    static final String MAP = "subject";
    static final String TICKET = "ticket";
    static final ByteString TICKET_KEY = ByteString.zeros(4);

    private static final boolean WALKS =
            HelperCalls.support(HelperFunction.FOR_EACH_MAP_ELEM) != HelperCalls.Support.NONE;

    private static final int VERB = 0;
    private static final int FLAGS = 8;
    private static final int RESULT = 16;
    private static final int KEY = 24;

    private final MapDefinition map;
    private final int value;
    private final int out;
    private final int size;
    private final StringBuilder text = new StringBuilder();

    OperationProgram(MapDefinition map) {
        this.map = map;
        this.value = KEY + padded(map.keySize());
        this.out = value + padded(map.valueSize());
        this.size = out + padded(map.valueSize());
    }

    private static int padded(int bytes) {
        return (bytes + 7) & -8;
    }

    /** What the second map is to hold for an operation. */
    ByteString ticket(MapOperation operation) {
        ByteBuffer ticket = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        ticket.putInt(VERB, number(operation.verb())).putLong(FLAGS, operation.flags());
        ticket.put(KEY, operation.key().toArray()).put(value, operation.value().toArray());
        return ByteString.copyOf(ticket.array());
    }

    /** What it holds afterwards, as text. */
    String answer(ByteString ticket) {
        return ticket.asBuffer().getLong(RESULT) + " " + ticket.slice(out, out + map.valueSize());
    }

    boolean can(Verb verb) {
        boolean writes = verb != Verb.LOOKUP
                && verb != Verb.LOOKUP_ON
                && verb != Verb.PEEK
                && verb != Verb.WALK
                && verb != Verb.REDIRECT;
        boolean refused = writes && map.has(MapFlag.RDONLY_PROG);
        boolean blind = (verb == Verb.ADD || verb == Verb.WALK) && map.has(MapFlag.WRONLY_PROG);
        boolean locked = verb == Verb.WALK && (lock().isPresent() || !WALKS);
        return verb.byProgram() && verb.of(map.kind()) && !refused && !blind && !locked;
    }

    private Optional<MapField> lock() {
        return map.fields().stream()
                .filter(field -> field.kind() == MapField.Kind.SPIN_LOCK)
                .findFirst();
    }

    @SuppressWarnings("EnumOrdinal") // Any number would do that both sides agree on.
    private static int number(Verb verb) {
        return verb.ordinal();
    }

    BpfProgram program() {
        line("r6 = map[1][0]+0");
        line("r7 = *(u32 *)(r6 + " + VERB + ")");
        line("r1 = map[0]");
        line("r2 = r6", "r2 += " + KEY, "r3 = r6", "r3 += " + value, "r4 = *(u64 *)(r6 + " + FLAGS + ")");
        List<Verb> verbs = new ArrayList<>();
        for (Verb verb : Verb.values()) {
            if (can(verb)) {
                verbs.add(verb);
                line("if w7 == " + number(verb) + " goto " + verb);
            }
        }
        line("r0 = -1", "goto end");
        for (Verb verb : verbs) {
            text.append(verb).append(": ");
            block(verb);
            line("goto end");
        }
        line("end: *(u64 *)(r6 + " + RESULT + ") = r0", "r0 = 2", "exit");
        int callback = -1;
        if (verbs.contains(Verb.WALK)) {
            callback = Code.of(parsed().insns()).size();
            walked();
        }
        Code code = parsed();
        List<BpfProgram.FunctionRange> functions = new ArrayList<>();
        functions.add(new BpfProgram.FunctionRange("operate", 0, callback < 0 ? code.size() : callback, true));
        if (callback >= 0) {
            functions.add(new BpfProgram.FunctionRange("walked", callback, code.size(), false));
        }
        DebugType none = new DebugType.Void();
        MapDefinition ticket =
                new MapDefinition(TICKET, MapKind.ARRAY, 4, size, 1, 0, none, none, new MapDefinition.Content.Empty());
        return new BpfProgram(
                "operate",
                "xdp",
                new BpfProgram.Entry.Context(ProgramType.XDP),
                "GPL",
                code,
                functions,
                List.of(map, ticket),
                List.of(),
                List.of(),
                List.of());
    }

    /** The text so far; a function that is not there yet is one that ends at once. */
    private Code parsed() {
        Diagnostics diagnostics = new Diagnostics();
        String whole = text.indexOf("walked:") < 0 ? text + "walked: exit\n" : text.toString();
        Code code = InsnParser.parse(new SourceFile("operate", whole), diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all() + "\n" + text));
        return text.indexOf("walked:") < 0
                ? Code.of(code.insns().subList(0, code.insns().size() - 1))
                : code;
    }

    private void block(Verb verb) {
        switch (verb) {
            case LOOKUP -> found(HelperFunction.MAP_LOOKUP_ELEM);
            case LOOKUP_ON -> {
                line("r3 = r4");
                found(HelperFunction.MAP_LOOKUP_PERCPU_ELEM);
            }
            case UPDATE -> call(HelperFunction.MAP_UPDATE_ELEM);
            case DELETE -> call(HelperFunction.MAP_DELETE_ELEM);
            case PUSH -> {
                line("r2 = r3", "r3 = r4");
                call(HelperFunction.MAP_PUSH_ELEM);
            }
            case POP, PEEK -> {
                line("r2 = r6", "r2 += " + (map.kind() == MapKind.BLOOM_FILTER ? value : out));
                call(verb == Verb.POP ? HelperFunction.MAP_POP_ELEM : HelperFunction.MAP_PEEK_ELEM);
            }
            case ADD -> add();
            case WALK -> {
                line("r2 = 0", "*(u64 *)(r10 - 8) = r2");
                line("r2 = function walked", "r3 = r10", "r3 += -8", "r4 = 0");
                call(HelperFunction.FOR_EACH_MAP_ELEM);
                line("r1 = *(u64 *)(r10 - 8)", "r1 <<= 16", "r0 += r1");
            }
            case REDIRECT -> {
                line("r2 = *(u32 *)(r6 + " + KEY + ")", "r3 = r4");
                call(HelperFunction.REDIRECT_MAP);
            }
            case NEXT, TAKE -> throw new IllegalArgumentException("no program can " + verb);
        }
    }

    private void found(HelperFunction lookup) {
        call(lookup);
        line("if r0 == 0 goto end");
        if (!map.has(MapFlag.WRONLY_PROG)) {
            copy();
        }
        line("r0 = 1");
    }

    /** Bytes of a value, but for its lock, which no program may read. */
    private void copy() {
        int skip = lock().map(MapField::offset).orElse(-1);
        for (int at = 0; at < map.valueSize(); ) {
            if (at == skip) {
                at += 4;
                continue;
            }
            int end = skip > at ? skip : map.valueSize();
            int bytes =
                    Math.min(at % 8 == 0 ? 8 : at % 4 == 0 ? 4 : at % 2 == 0 ? 2 : 1, Integer.highestOneBit(end - at));
            String width = "u" + 8 * bytes;
            line("r1 = *(" + width + " *)(r0 + " + at + ")", "*(" + width + " *)(r6 + " + (out + at) + ") = r1");
            at += bytes;
        }
    }

    private void add() {
        call(HelperFunction.MAP_LOOKUP_ELEM);
        line("if r0 == 0 goto end", "r8 = r0", "r7 = *(u8 *)(r6 + " + value + ")");
        lock().ifPresent(field -> {
            line("r1 = r8", "r1 += " + field.offset());
            call(HelperFunction.SPIN_LOCK);
        });
        line("r1 = *(u8 *)(r8 + 0)", "r1 += r7", "*(u8 *)(r8 + 0) = r1");
        lock().ifPresent(field -> {
            line("r1 = r8", "r1 += " + field.offset());
            call(HelperFunction.SPIN_UNLOCK);
        });
        line("r0 = 1");
    }

    /** Of the first bytes of key and value a sum that does not depend on the order. */
    private void walked() {
        line("walked: r5 = *(u8 *)(r2 + 0)", "r5 *= 3", "r2 = *(u8 *)(r3 + 0)", "r5 *= r2", "r5 += r2");
        line("r2 = *(u64 *)(r4 + 0)", "r2 += r5", "*(u64 *)(r4 + 0) = r2", "r0 = 0", "exit");
    }

    private void call(HelperFunction helper) {
        line("call " + helper.id());
    }

    private void line(String... insns) {
        for (String insn : insns) {
            text.append(insn).append('\n');
        }
    }
}
