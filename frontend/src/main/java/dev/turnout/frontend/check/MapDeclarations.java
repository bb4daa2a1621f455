package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.frontend.ast.Decl;
import dev.turnout.frontend.ast.TypeExpr;
import dev.turnout.frontend.name.Module;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.stdlib.map.MapFlag;
import dev.turnout.stdlib.map.MapKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code map name: kind<Key, Value>(entries) = { rows };}: a {@link MapTypes map type}, its attributes, and what is in it at load. */
final class MapDeclarations {
    private MapDeclarations() {}

    static Entity resolve(Compilation compilation, Module module, Decl.Map one) {
        Attributes.MapForm form =
                Attributes.map(compilation, module, one.modifiers().attributes());
        if (!(one.type() instanceof TypeExpr.Named written)) {
            if (!(one.type() instanceof TypeExpr.Invalid)) {
                compilation.report(at(one.type().span(), DiagnosticCode.E0336, "a map has a map type")
                        .withHelp("write `map " + one.name().text() + ": hash<u32, u64>(1024);`"));
            }
            return Entity.Invalid.INVALID;
        }
        Optional<MapKind> kind = kind(compilation, written);
        if (kind.isEmpty()) {
            return Entity.Invalid.INVALID;
        }
        boolean holds = kind.get() == MapKind.PROG_ARRAY || kind.get().valueKind() == MapKind.Values.MAP;
        if (one.rows() != null && !holds) {
            compilation.report(at(
                            one.name().span(),
                            DiagnosticCode.E0336,
                            Words.a(kind.get().word()) + " map has no initialiser")
                    .withNote("only `prog_array` and maps of maps take rows; other maps start empty, or zero"));
        }
        Type.Map type = new MapTypes(compilation, module, kind.get(), written).read(true);
        if (type == null) {
            return Entity.Invalid.INVALID;
        }
        form.flags().forEach(flag -> checkFlag(compilation, flag, type.kind()));
        int flags = form.mask() | implied(type.kind());
        int innerFlags = type.value() instanceof Type.Map inner ? implied(inner.kind()) : 0;
        return new Entity.MapName(new Symbol.MapSymbol(
                one.name().text(),
                module.linkName(one.name().text()),
                type,
                flags,
                innerFlags,
                form.pinned(),
                kind.get() == MapKind.PROG_ARRAY
                        ? new ProgramRows(compilation, module, type).read(one.rows())
                        : List.of(),
                type.value() instanceof Type.Map inner
                        ? new InnerRows(compilation, module, type, inner, innerFlags).read(one.rows())
                        : List.of(),
                one.name().span()));
    }

    /** The kind that a map type names; empty, reported, if there is none, or none that a declaration can make. */
    static Optional<MapKind> kind(Compilation compilation, TypeExpr.Named written) {
        String word = written.path().toString();
        Optional<MapKind> kind = MapKind.ofWord(word);
        if (kind.isEmpty()) {
            List<String> known = new ArrayList<>();
            for (MapKind row : MapKind.values()) {
                known.add(row.word());
            }
            Diagnostic diagnostic =
                    at(written.path().span(), DiagnosticCode.E0336, "there is no map kind `" + word + "`");
            compilation.report(
                    Compilation.suggest(diagnostic, word, known)
                            .withNote(
                                    "the kinds for everyday use are `hash`, `array`, `percpu_hash`, `percpu_array`, `lru_hash`"));
            return kind;
        }
        String made = whyNotDeclared(kind.get());
        if (made.isEmpty()) {
            return kind;
        }
        compilation.report(at(
                        written.path().span(),
                        DiagnosticCode.E0336,
                        "nothing can be done with " + Words.a(word) + " map here")
                .withNote(made));
        return Optional.empty();
    }

    /** Why the language has no use for a kind, as a sentence; empty if it has. */
    private static String whyNotDeclared(MapKind kind) {
        return switch (kind) {
            case HASH, ARRAY, PERCPU_HASH, PERCPU_ARRAY, LRU_HASH, LRU_PERCPU_HASH, LPM_TRIE, PROG_ARRAY -> "";
            case ARRAY_OF_MAPS, HASH_OF_MAPS, QUEUE, STACK, BLOOM_FILTER, RINGBUF, USER_RINGBUF, PERF_EVENT_ARRAY -> "";
            case DEVMAP, DEVMAP_HASH, CPUMAP, XSKMAP -> "";
            case INSN_ARRAY -> "the compiler makes these itself, for the `switch` that becomes a jump table";
            case STRUCT_OPS -> "it implements an interface of the kernel, which the language has no declarations for";
            case SOCKMAP, SOCKHASH, REUSEPORT_SOCKARRAY, SK_STORAGE ->
                "it holds sockets or belongs to them, and the language has no references to sockets";
            case CGROUP_ARRAY, CGROUP_STORAGE, PERCPU_CGROUP_STORAGE, CGRP_STORAGE ->
                "it holds control groups or belongs to them, and the language has no references to those";
            case INODE_STORAGE, TASK_STORAGE ->
                "its entries belong to objects of the kernel, which no key of the language names";
            case STACK_TRACE -> "its keys come from a helper that walks the kernel's stack";
            case ARENA -> "its memory is reached by pointers that the language does not have";
            case RHASH -> "no released kernel has it; a `hash` with `@flags(no_prealloc)` grows too";
        };
    }

    /** What every map of a kind must say: BPF_F_NO_PREALLOC of a longest-prefix trie, which has nothing to allocate ahead. */
    static int implied(MapKind kind) {
        return kind == MapKind.LPM_TRIE ? MapFlag.NO_PREALLOC.bit() : 0;
    }

    /** Flags that say that a number is given too, which a declaration cannot give: a node, or a descriptor of the loader's. */
    private static final Set<MapFlag> OF_LOADERS =
            EnumSet.of(MapFlag.NUMA_NODE, MapFlag.PATH_FD, MapFlag.VTYPE_BTF_OBJ_FD, MapFlag.TOKEN_FD);

    private static boolean takes(MapKind kind, MapFlag flag) {
        return flag.takenBy(kind) && !OF_LOADERS.contains(flag);
    }

    private static void checkFlag(Compilation compilation, Attributes.StatedFlag stated, MapKind kind) {
        if (!takes(kind, stated.flag())) {
            List<String> those = new ArrayList<>();
            for (MapFlag flag : MapFlag.values()) {
                if (takes(kind, flag)) {
                    those.add(flag.word());
                }
            }
            compilation.report(at(
                            stated.span(),
                            DiagnosticCode.E0211,
                            Words.a(kind.word()) + " map cannot be `"
                                    + stated.flag().word() + "`")
                    .withNote(those.isEmpty() ? "it has no flags" : "it can be " + Compilation.quoted(those)));
        }
    }
}
