package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.MapOperand;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.RingOperation;
import dev.turnout.frontend.typed.Symbol;
import dev.turnout.frontend.typed.Symbol.FunctionSymbol;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedFunction;
import dev.turnout.frontend.typed.TypedStmt;
import dev.turnout.frontend.typed.TypedWalk;
import dev.turnout.ir.model.Function.Inlining;
import dev.turnout.stdlib.program.ProgramType;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a held lock forbids, in the block and in all that it calls; which programs may have locks; and that a value with a lock
 * is neither copied out of its map nor overwritten in it.
 */
final class LockRules {
    private final Compilation compilation;
    private final CallGraph calls;
    private final IdentityHashMap<FunctionSymbol, Body> bodies = new IdentityHashMap<>();
    private final Set<Span> reported = new HashSet<>();

    /** What cannot be done while a lock is held, and where. */
    private record Barred(String what, Span at) {}

    LockRules(Compilation compilation, CallGraph calls) {
        this.compilation = compilation;
        this.calls = calls;
    }

    /** Checks functions, none of which has a mistake. */
    void check(List<FunctionSymbol> functions) {
        functions.forEach(this::body);
        functions.forEach(this::checkProgram);
    }

    private Body body(FunctionSymbol function) {
        Body known = bodies.get(function);
        if (known == null) {
            known = new Body();
            // Before the walk: it may come back here, though not in a program that is right.
            bodies.put(function, known);
            TypedFunction typed = compilation.bodies().of(function);
            if (typed != null) {
                known.block(typed.body());
            }
        }
        return known;
    }

    private void report(Diagnostic diagnostic, Span at) {
        if (reported.add(at)) {
            compilation.report(diagnostic);
        }
    }

    /** Linux: {@code kernel/bpf/verifier.c}, {@code check_map_prog_compatibility}. */
    private static boolean mayLock(ProgramType type) {
        return switch (type) {
            case KPROBE, TRACEPOINT, PERF_EVENT, RAW_TRACEPOINT, RAW_TRACEPOINT_WRITABLE, SOCKET_FILTER -> false;
            default -> true; // All others run where they wait for nobody whom they have stopped.
        };
    }

    private void checkProgram(FunctionSymbol program) {
        if (!(program.kind() instanceof Symbol.FunctionKind.Program kind) || mayLock(kind.type())) {
            return;
        }
        for (FunctionSymbol function : calls.reached(program)) {
            Barred lock = body(function).lock;
            if (lock != null) {
                report(
                        at(
                                        lock.at,
                                        DiagnosticCode.E0348,
                                        Words.a(kind.type().word()) + " program cannot use " + lock.what)
                                .withLabel(program.declared(), "reached from this program")
                                .withNote(
                                        kind.type() == ProgramType.SOCKET_FILTER
                                                ? "Linux lets such programs hold no locks yet"
                                                : "it may have interrupted the very program that holds the lock"),
                        lock.at);
            }
        }
    }

    /** One function. */
    private final class Body extends TypedWalk {
        /** The first thing in it that a lock forbids. */
        private @Nullable Barred first;
        /** The first use of a lock, or of a map whose values have one. */
        private @Nullable Barred lock;

        private TypedStmt.@Nullable Lock held;

        private void barred(String what, Span at) {
            barred(what, at, new Barred(what, at));
        }

        /**
         * Something that a lock forbids.
         *
         * @param cause the same, or what lies below a call
         */
        private void barred(String what, Span at, Barred cause) {
            if (first == null) {
                first = cause;
            }
            TypedStmt.Lock around = held;
            if (around == null) {
                return;
            }
            Diagnostic diagnostic = at(at, DiagnosticCode.E0348, what + " while a lock is held")
                    .withLabel(around.guard().span(), "taken here");
            if (!cause.at.equals(at)) {
                diagnostic = diagnostic.withLabel(cause.at, cause.what);
            }
            report(
                    diagnostic
                            .withNote("others wait for the lock, so nothing that may take long happens under it: no"
                                    + " helper, no second lock")
                            .withHelp("do it before the `lock`, or behind it"),
                    at);
        }

        private void map(MapOperand map, Span at) {
            if (lock == null && map.type().value().holdsLock()) {
                lock = new Barred(MapOperations.name(map) + ", whose values hold a `spin_lock`", at);
            }
        }

        @Override
        public void statement(TypedStmt statement) {
            switch (statement) {
                case TypedStmt.Lock one -> {
                    barred("`lock` takes another lock", one.span());
                    place(one.guard());
                    lock = lock == null ? new Barred("a `lock`", one.span()) : lock;
                    TypedStmt.Lock outer = held;
                    held = one;
                    block(one.body());
                    held = outer;
                    return;
                }
                case TypedStmt.MapStore one -> {
                    map(one.map(), one.span());
                    barred("a map is changed", one.span());
                }
                case TypedStmt.Assign one -> {
                    if (one.target().type().holdsLock() && !isLocal(one.target())) {
                        report(
                                at(
                                                one.span(),
                                                DiagnosticCode.E0348,
                                                "a value with a `spin_lock` is not assigned through a reference")
                                        .withNote("the copy would overwrite the lock, which somebody may hold")
                                        .withHelp("assign its fields, or store it whole: `m[key] = …;`"),
                                one.span());
                    }
                }
                case TypedStmt.StaticBranch one -> unmovable(one.span());
                case TypedStmt.StaticSwitch one -> unmovable(one.span());
                default -> {} // Nothing that a lock minds.
            }
            super.statement(statement);
        }

        /** A patch site is one place in the code: where it stands by itself it does no harm, but it cannot be copied. */
        private void unmovable(Span at) {
            if (first == null) {
                first = new Barred("a keyed statement cannot become part of several callers", at);
            }
        }

        @Override
        public void place(Place place) {
            if (place instanceof Place.MapSlot slot) {
                map(slot.map(), slot.span());
                barred("an entry of a map is looked up", slot.span());
            }
            super.place(place);
        }

        @Override
        public void expression(TypedExpr expr) {
            super.expression(expr);
            switch (expr) {
                case TypedExpr.Core core -> ofCore(core);
                case Builtin builtin -> ofBuiltin(builtin);
                case RingOperation operation -> barred("a ring buffer is used", operation.span());
                default -> {} // Tests hold no locks.
            }
        }

        private void ofCore(TypedExpr.Core expr) {
            switch (expr) {
                case TypedExpr.Load one
                when one.type().holdsLock() && !isLocal(one.place()) ->
                    report(
                            at(one.span(), DiagnosticCode.E0348, "a value with a `spin_lock` is not copied out")
                                    .withNote("the copy would be read while others change the value")
                                    .withHelp("keep a reference, and read its fields under the `lock`"),
                            one.span());
                case TypedExpr.AddressOf one
                when one.type().to().holdsLock() && isLocal(one.place()) ->
                    report(
                            at(
                                            one.span(),
                                            DiagnosticCode.E0348,
                                            "a reference to a value with a `spin_lock` leads into a map, and this is a"
                                                    + " local")
                                    .withHelp("store the value, `m[key] = x;`, and refer to the entry"),
                            one.span());
                case TypedExpr.IndirectCall one -> barred("a function value is called", one.span());
                case TypedExpr.Call one -> called(one.function(), one.span());
                default -> {} // Numbers, references and ways.
            }
        }

        private void called(FunctionSymbol function, Span at) {
            if (function.kind() instanceof Symbol.FunctionKind.Plain(Inlining inlining) && inlining == Inlining.NEVER) {
                barred("`" + function.name() + "`, which is never made part of its callers, is called", at);
                return;
            }
            Barred inside = body(function).first;
            if (inside != null) {
                barred("`" + function.name() + "` is called, which does more than a lock allows,", at, inside);
            }
        }

        private void ofBuiltin(Builtin expr) {
            switch (expr) {
                case Builtin.MapLookup one -> keyed(one.map(), one.span());
                case Builtin.MapInsert one -> keyed(one.map(), one.span());
                case Builtin.MapDelete one -> keyed(one.map(), one.span());
                case Builtin.MapPush one -> keyed(one.map(), one.span());
                case Builtin.MapPop one -> keyed(one.map(), one.span());
                case Builtin.MapHas one -> keyed(one.map(), one.span());
                case Builtin.MapEach one -> keyed(one.map(), one.span());
                case Builtin.CursorTake _, Builtin.CursorLoad _ -> barred("the packet is read", expr.span());
                case Builtin.ContextCursor _,
                        Builtin.CursorSkip _,
                        Builtin.CursorRest _,
                        Builtin.NumberCall _,
                        Builtin.Atomic _,
                        Builtin.JenkinsHash _,
                        Builtin.ChecksumSum _ -> {}
                default -> barred(helper(expr.span().text()), expr.span());
            }
        }

        private static String helper(String text) {
            boolean shown = text.length() <= 24 && text.indexOf('\n') < 0;
            return shown ? "`" + text + "` calls a helper" : "a helper is called";
        }

        private void keyed(MapOperand map, Span at) {
            map(map, at);
            barred("an entry of a map is looked up or changed", at);
        }
    }

    private static boolean isLocal(Place place) {
        return switch (place) {
            case Place.Variable _, Place.Temporary _ -> true;
            case Place.FieldOf field -> isLocal(field.base());
            case Place.Element element -> isLocal(element.base());
            case Place.GlobalVariable _,
                    Place.Configuration _,
                    Place.ConstantData _,
                    Place.TableRows _,
                    Place.Deref _,
                    Place.MapSlot _,
                    Place.ContextSlot _ -> false;
        };
    }
}
