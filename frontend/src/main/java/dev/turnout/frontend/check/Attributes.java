package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Argument;
import dev.turnout.frontend.ast.Attribute;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.name.Module;
import dev.turnout.ir.model.Function.Inlining;
import dev.turnout.ir.model.Terminator.Demand;
import dev.turnout.stdlib.map.MapFlag;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Attributes: what each means and where it may stand. An unknown or misplaced one is an error. */
final class Attributes {
    /** Every attribute of the language and what it belongs to. */
    private enum Known {
        JUMP_TABLE("jump_table", "a `switch`"),
        TREE("tree", "a `switch`"),
        DIRECT("direct", "a labelled `switch`"),
        SHARED("shared", "a labelled `switch`"),
        PATCHED("patched", "a `static_branch` or `static_switch`"),
        CALLX("callx", "a `table`"),
        ROW("row", "a function"),
        INLINE("inline", "a function"),
        NOINLINE("noinline", "a function"),
        SLEEPABLE("sleepable", "a program"),
        OPTIONAL("optional", "a program"),
        PINNED("pinned", "a map or a key"),
        FLAGS("flags", "a map"),
        ALIGN("align", "a field of a `struct`"),
        SCRATCH("scratch", "a local `var`");

        private final String name;
        private final String place;

        Known(String name, String place) {
            this.name = name;
            this.place = place;
        }
    }

    /**
     * What a switch demands.
     *
     * @param direct {@code @direct}, if it stands there: every {@code continue} to it is to be a plain jump
     * @param shared whether its dispatches are to be one piece of code
     */
    record SwitchForm(
            Demand demand, int maxEntries, @Nullable Attribute direct, boolean shared) {}

    /** A flag that a map names. */
    record StatedFlag(MapFlag flag, Span span) {}

    /**
     * What a map says of itself.
     *
     * @param mask as the kernel numbers them, of the named flags and of those given by number
     * @param flags those that have names
     */
    record MapForm(boolean pinned, int mask, List<StatedFlag> flags) {
        MapForm {
            flags = List.copyOf(flags);
        }
    }

    /** What a program says of how it is loaded: that it may sleep, and that loaders leave it out unless they are told to load it. */
    record ProgramForm(boolean sleepable, boolean optional) {}

    private Attributes() {}

    private static @Nullable Known known(Attribute attribute) {
        for (Known row : Known.values()) {
            if (row.name.equals(attribute.name().text())) {
                return row;
            }
        }
        return null;
    }

    private static void misplaced(Compilation compilation, Attribute attribute, String here) {
        Known row = known(attribute);
        String name = attribute.name().text();
        Diagnostic diagnostic;
        if (row == null) {
            diagnostic = Compilation.suggest(
                    at(attribute.span(), DiagnosticCode.E0211, "there is no attribute `@" + name + "`"),
                    name,
                    java.util.Arrays.stream(Known.values()).map(one -> one.name).toList());
        } else {
            diagnostic = at(attribute.span(), DiagnosticCode.E0211, "`@" + name + "` has no meaning on " + here)
                    .withNote("it belongs to " + row.place);
        }
        compilation.report(diagnostic);
    }

    private static void noArguments(Compilation compilation, Attribute attribute) {
        if (!attribute.arguments().isEmpty()) {
            compilation.report(
                    attribute.arguments().getFirst().span(),
                    DiagnosticCode.E0211,
                    "`@" + attribute.name().text() + "` takes no arguments");
        }
    }

    /** Reports every attribute: nothing may stand here. */
    static void none(Compilation compilation, List<Attribute> attributes, String here) {
        for (Attribute attribute : attributes) {
            misplaced(compilation, attribute, here);
        }
    }

    /** Whether {@code @pinned} is there; nothing else may be. */
    static boolean pinnedOnly(Compilation compilation, List<Attribute> attributes, String here) {
        boolean pinned = false;
        for (Attribute attribute : attributes) {
            if (known(attribute) == Known.PINNED) {
                noArguments(compilation, attribute);
                pinned = true;
            } else {
                misplaced(compilation, attribute, here);
            }
        }
        return pinned;
    }

    static MapForm map(Compilation compilation, Module module, List<Attribute> attributes) {
        boolean pinned = false;
        int mask = 0;
        List<StatedFlag> flags = new ArrayList<>();
        for (Attribute attribute : attributes) {
            switch (known(attribute)) {
                case PINNED -> {
                    noArguments(compilation, attribute);
                    pinned = true;
                }
                case FLAGS -> {
                    for (Argument argument : attribute.arguments()) {
                        mask |= flag(compilation, module, argument, flags);
                    }
                }
                case null, default -> misplaced(compilation, attribute, "a `map`");
            }
        }
        return new MapForm(pinned, mask, flags);
    }

    /** The bits of {@code no_prealloc}, or of a number for what has no name here. */
    private static int flag(Compilation compilation, Module module, Argument argument, List<StatedFlag> named) {
        if (argument.name() == null
                && argument.value() instanceof Expr.Ref ref
                && ref.path().isSimple()) {
            String word = ref.path().last().text();
            Optional<MapFlag> flag = MapFlag.ofWord(word);
            if (flag.isPresent()) {
                named.add(new StatedFlag(flag.get(), argument.span()));
                return flag.get().bit();
            }
            if (module.lookup(word) instanceof Module.Lookup.Missing) {
                compilation.report(Compilation.suggest(
                        at(argument.span(), DiagnosticCode.E0211, "there is no flag `" + word + "`"),
                        word,
                        java.util.Arrays.stream(MapFlag.values())
                                .map(MapFlag::word)
                                .toList()));
                return 0;
            }
        }
        BigInteger bits = Body.ofConstant(compilation, module).constantNumber(argument.value(), "the flags of a map");
        if (bits == null || argument.name() != null || bits.signum() < 0 || bits.bitLength() > 32) {
            if (bits != null) {
                compilation.report(
                        argument.span(),
                        DiagnosticCode.E0211,
                        "`@flags` takes names such as `no_prealloc`, and numbers of 32 bits");
            }
            return 0;
        }
        return bits.intValue();
    }

    static Inlining function(Compilation compilation, List<Attribute> attributes) {
        Inlining inlining = Inlining.AUTO;
        for (Attribute attribute : attributes) {
            switch (known(attribute)) {
                case INLINE -> {
                    noArguments(compilation, attribute);
                    inlining = Inlining.ALWAYS;
                }
                case NOINLINE -> {
                    noArguments(compilation, attribute);
                    inlining = Inlining.NEVER;
                }
                // What it names is looked at with the tables: they need the function first.
                case ROW -> {}
                case null, default -> misplaced(compilation, attribute, "a function");
            }
        }
        return inlining;
    }

    /** The arguments of the {@code @row} attributes of a function. */
    static List<Argument> rows(List<Attribute> attributes) {
        return attributes.stream()
                .filter(attribute -> known(attribute) == Known.ROW)
                .flatMap(attribute -> attribute.arguments().stream())
                .toList();
    }

    /** Whether {@code @callx} is there; nothing else may be. */
    static boolean callx(Compilation compilation, List<Attribute> attributes) {
        boolean callx = false;
        for (Attribute attribute : attributes) {
            if (known(attribute) == Known.CALLX) {
                noArguments(compilation, attribute);
                callx = true;
            } else {
                misplaced(compilation, attribute, "a `table`");
            }
        }
        return callx;
    }

    static ProgramForm program(Compilation compilation, List<Attribute> attributes) {
        boolean sleepable = false;
        boolean optional = false;
        for (Attribute attribute : attributes) {
            switch (known(attribute)) {
                case SLEEPABLE -> {
                    noArguments(compilation, attribute);
                    sleepable = true;
                }
                case OPTIONAL -> {
                    noArguments(compilation, attribute);
                    optional = true;
                }
                case null, default -> misplaced(compilation, attribute, "a program");
            }
        }
        return new ProgramForm(sleepable, optional);
    }

    /** The alignment that {@code @align(n)} states for a field; 1 if none is stated. */
    static long align(Compilation compilation, Module module, List<Attribute> attributes, boolean allowed) {
        long align = 1;
        for (Attribute attribute : attributes) {
            if (known(attribute) != Known.ALIGN || !allowed) {
                misplaced(compilation, attribute, allowed ? "a field of a `struct`" : "a field of a `header`");
                continue;
            }
            BigInteger value = onlyNumber(compilation, module, attribute);
            if (value == null) {
                continue;
            }
            if (value.bitCount() != 1 || value.bitLength() > 13) {
                compilation.report(
                        attribute.span(),
                        DiagnosticCode.E0211,
                        "an alignment is a power of two up to 4096, not " + value);
            } else {
                align = value.longValue();
            }
        }
        return align;
    }

    /** Whether {@code @scratch} is there; nothing else may be. */
    static boolean scratch(Compilation compilation, List<Attribute> attributes, boolean variable) {
        boolean scratch = false;
        for (Attribute attribute : attributes) {
            if (known(attribute) == Known.SCRATCH && variable) {
                noArguments(compilation, attribute);
                scratch = true;
            } else {
                misplaced(compilation, attribute, variable ? "a local `var`" : "a `let`");
            }
        }
        return scratch;
    }

    /** Whether {@code @patched} is there; nothing else may be. */
    static boolean patched(Compilation compilation, List<Attribute> attributes) {
        boolean patched = false;
        for (Attribute attribute : attributes) {
            if (known(attribute) == Known.PATCHED) {
                noArguments(compilation, attribute);
                patched = true;
            } else {
                misplaced(compilation, attribute, "a keyed statement");
            }
        }
        return patched;
    }

    static SwitchForm switchForm(Compilation compilation, Module module, List<Attribute> attributes, boolean labelled) {
        Demand demand = Demand.AUTO;
        int max = 0;
        Attribute first = null;
        Attribute direct = null;
        Attribute shared = null;
        Attribute dispatch = null;
        for (Attribute attribute : attributes) {
            switch (known(attribute)) {
                case JUMP_TABLE -> {
                    demand = Demand.JUMP_TABLE;
                    max = maxEntries(compilation, module, attribute);
                    first = onlyOne(compilation, first, attribute);
                }
                case TREE -> {
                    noArguments(compilation, attribute);
                    demand = Demand.TREE;
                    first = onlyOne(compilation, first, attribute);
                }
                case DIRECT, SHARED -> {
                    noArguments(compilation, attribute);
                    if (!labelled) {
                        misplaced(compilation, attribute, "a `switch` without a label");
                    }
                    direct = known(attribute) == Known.DIRECT ? attribute : direct;
                    shared = known(attribute) == Known.SHARED ? attribute : shared;
                    dispatch = onlyOne(compilation, dispatch, attribute);
                }
                case null, default -> misplaced(compilation, attribute, "a `switch`");
            }
        }
        return new SwitchForm(demand, max, direct, shared != null);
    }

    private static Attribute onlyOne(Compilation compilation, @Nullable Attribute first, Attribute second) {
        if (first != null) {
            compilation.report(at(
                            second.span(),
                            DiagnosticCode.E0211,
                            "a `switch` takes one form: `@" + first.name().text() + "` is stated already")
                    .withLabel(first.span(), "stated here"));
            return first;
        }
        return second;
    }

    private static int maxEntries(Compilation compilation, Module module, Attribute attribute) {
        if (attribute.arguments().isEmpty()) {
            return 0;
        }
        Argument argument = attribute.arguments().getFirst();
        if (attribute.arguments().size() > 1
                || argument.name() == null
                || !argument.name().text().equals("max")) {
            compilation.report(argument.span(), DiagnosticCode.E0211, "`@jump_table` takes `max = n` and nothing else");
            return 0;
        }
        BigInteger max = Body.ofConstant(compilation, module).constantNumber(argument.value(), "the size of a table");
        if (max != null && (max.signum() <= 0 || max.bitLength() > 20)) {
            compilation.report(argument.span(), DiagnosticCode.E0211, "a table has 1 to 1048575 entries, not " + max);
            return 0;
        }
        return max == null ? 0 : max.intValue();
    }

    private static @Nullable BigInteger onlyNumber(Compilation compilation, Module module, Attribute attribute) {
        if (attribute.arguments().size() != 1
                || attribute.arguments().getFirst().name() != null) {
            compilation.report(
                    attribute.span(),
                    DiagnosticCode.E0211,
                    "`@" + attribute.name().text() + "` takes one number");
            return null;
        }
        return Body.ofConstant(compilation, module)
                .constantNumber(attribute.arguments().getFirst().value(), "the argument of an attribute");
    }
}
