package dev.turnout.frontend.check;

import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.stdlib.program.ContextView;
import dev.turnout.stdlib.program.Verdicts;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The names that are there before any file: types, verdicts, built-in functions and modules. One for each compilation,
 * since the enums of verdicts are types by identity.
 */
final class Universe {
    private static final SourceFile BUILT_IN = new SourceFile("built in", "");
    private static final Span NOWHERE = BUILT_IN.whole();

    /** Built-in functions of programs. Those behind a module are written with it. */
    static final Set<String> FUNCTIONS = Set.of(
            "min",
            "max",
            "popcount",
            "clz",
            "ctz",
            "bswap",
            "rotl",
            "sizeof",
            "offsetof",
            "len",
            "comptime",
            "print",
            "redirect",
            "submit",
            "discard",
            "read_user",
            "read_user_str",
            "read_kernel",
            "read_kernel_str",
            "random",
            "atomic::add",
            "atomic::and",
            "atomic::or",
            "atomic::xor",
            "atomic::fetch_add",
            "atomic::fetch_sub",
            "atomic::fetch_and",
            "atomic::fetch_or",
            "atomic::fetch_xor",
            "atomic::xchg",
            "atomic::cmpxchg",
            "atomic::load",
            "atomic::store",
            "time::ktime",
            "time::boot",
            "time::coarse",
            "time::tai",
            "time::jiffies",
            "current::pid_tgid",
            "current::tgid",
            "current::pid",
            "current::uid",
            "current::gid",
            "current::uid_gid",
            "current::numa_node",
            "current::cgroup_id",
            "current::cpu",
            "current::comm",
            "current::task",
            "hash::jhash",
            "csum::sum",
            "csum::ok");

    /** Built-in functions of tests. */
    static final Set<String> TEST_FUNCTIONS = Set.of(
            "expect", "run", "packet", "user", "str", "clock", "output", "set", "reload", "tables", "gotox", "callx",
            "nops", "sites");

    private final Map<String, Entity> entities = new HashMap<>();
    private final Map<Verdicts, EnumType> verdicts = new HashMap<>();

    Universe() {
        for (Verdicts row : Verdicts.values()) {
            if (row != Verdicts.NONE) {
                declare(row);
            }
        }
        for (ContextView view : ContextView.values()) {
            entities.put(view.word(), new Entity.TypeName(new Type.Context(view)));
        }
        entities.put("Cursor", new Entity.TypeName(Type.Cursor.CURSOR));
        entities.put("spin_lock", new Entity.TypeName(Type.SpinLock.SPIN_LOCK));
        entities.put("bool", new Entity.TypeName(Type.Bool.BOOL));
        entities.put("void", new Entity.TypeName(Type.Void.VOID));
    }

    private void declare(Verdicts row) {
        EnumType type = new EnumType(row.typeName(), false, NOWHERE);
        List<EnumType.Member> members = new ArrayList<>();
        for (int i = 0; i < row.names().size(); i++) {
            members.add(new EnumType.Member(row.names().get(i), BigInteger.valueOf(row.first() + i), NOWHERE));
        }
        type.complete(row.first() < 0 ? Type.Int.I32 : Type.Int.U32, members);
        verdicts.put(row, type);
        entities.put(row.typeName(), new Entity.TypeName(type));
        for (EnumType.Member member : members) {
            Constant value = Numbers.constant(type.underlying(), member.value());
            entities.put(
                    member.name(),
                    new Entity.Constant(new Symbol.Named(member.name(), member.name(), type, value, NOWHERE)));
        }
    }

    /** The enum of verdicts that have names. */
    EnumType type(Verdicts row) {
        EnumType type = verdicts.get(row);
        if (type == null) {
            throw new IllegalArgumentException(row + " has no enum");
        }
        return type;
    }

    /** What a name is, if it is built in; a path is written with its {@code ::}. */
    @Nullable
    Entity find(String name) {
        Entity known = entities.get(name);
        if (known != null) {
            return known;
        }
        Type number = number(name);
        if (number != null) {
            return new Entity.TypeName(number);
        }
        return FUNCTIONS.contains(name) || TEST_FUNCTIONS.contains(name) ? new Entity.Intrinsic(name) : null;
    }

    /** {@code u8}, {@code i64}, {@code be16}, {@code u4}. */
    private static @Nullable Type number(String name) {
        if (name.length() < 2 || name.length() > 4) {
            return null;
        }
        int digits = name.startsWith("be") ? 2 : 1;
        int bits = 0;
        for (int i = digits; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < '0' || c > '9' || (i == digits && c == '0')) {
                return null;
            }
            bits = bits * 10 + (c - '0');
        }
        boolean standard = bits == 8 || bits == 16 || bits == 32 || bits == 64;
        if (digits == 2) {
            return standard && bits != 8 ? new Type.BigEndian(bits) : null;
        }
        return switch (name.charAt(0)) {
            case 'u' -> standard ? Type.Int.unsigned(bits) : bits >= 1 && bits <= 63 ? new Type.Bits(bits) : null;
            case 'i' -> standard ? new Type.Int(bits, true) : null;
            default -> null;
        };
    }

    /** All names, for suggestions. */
    Set<String> names() {
        Set<String> all = new TreeSet<>(entities.keySet());
        all.addAll(FUNCTIONS);
        all.addAll(TEST_FUNCTIONS);
        for (int bits : new int[] {8, 16, 32, 64}) {
            all.add("u" + bits);
            all.add("i" + bits);
            if (bits > 8) {
                all.add("be" + bits);
            }
        }
        return all;
    }
}
