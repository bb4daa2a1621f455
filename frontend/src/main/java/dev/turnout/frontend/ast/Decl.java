package dev.turnout.frontend.ast;

import dev.turnout.diagnostics.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A declaration at the top level of a file. */
public sealed interface Decl extends Ast {
    /** What stands before the keyword. */
    Modifiers modifiers();

    /**
     * {@code @attribute pub}.
     *
     * @param isPublic whether other modules see it
     */
    record Modifiers(List<Attribute> attributes, boolean isPublic) {
        public Modifiers {
            attributes = List.copyOf(attributes);
        }
    }

    /** A declaration that has a name in the module: all but tests. */
    sealed interface Named extends Decl {
        Name name();
    }

    /** {@code const N: u32 = 3;} decided at compile time. */
    record Const(Modifiers modifiers, Name name, @Nullable TypeExpr type, Expr value, Span span) implements Named {}

    /**
     * {@code config rate: u64 = 1000;} decided at load time.
     *
     * @param value absent: zero
     */
    record Config(
            Modifiers modifiers,
            Name name,
            TypeExpr type,
            @Nullable Expr value,
            Span span) implements Named {}

    /**
     * {@code var total: u64 = 0;} a global variable.
     *
     * @param value absent: zero
     */
    record Global(
            Modifiers modifiers,
            Name name,
            TypeExpr type,
            @Nullable Expr value,
            Span span) implements Named {}

    /**
     * {@code key debug = false;} decided at run time by patching code.
     *
     * @param type absent: {@code bool}
     */
    record Key(Modifiers modifiers, Name name, @Nullable TypeExpr type, Expr value, Span span) implements Named {}

    /** {@code alias Action = fn(*Job) -> XdpAction;} */
    record Alias(Modifiers modifiers, Name name, TypeExpr type, Span span) implements Named {}

    /** {@code struct}, {@code header} or {@code kernel struct}. */
    record Struct(Modifiers modifiers, Layout layout, Name name, List<Field> fields, Span span) implements Named {
        public Struct {
            fields = List.copyOf(fields);
        }

        /** Who decides where the fields lie. */
        public enum Layout {
            /** C's rules: natural alignment, declared order. */
            STRUCT,
            /** The wire: no padding, bit fields from the most significant bit. */
            HEADER,
            /** The running kernel: relocated at load time, only the fields used are named. */
            KERNEL
        }
    }

    /** A field of a struct. */
    record Field(List<Attribute> attributes, Name name, TypeExpr type, Span span) implements Ast {
        public Field {
            attributes = List.copyOf(attributes);
        }
    }

    /**
     * {@code open enum Verdict: u8 { pass, drop = 7 }}
     *
     * @param isOpen whether values without a name may occur
     * @param underlying absent: {@code u32}
     */
    record Enum(
            Modifiers modifiers,
            boolean isOpen,
            Name name,
            @Nullable TypeExpr underlying,
            List<Variant> variants,
            Span span)
            implements Named {
        public Enum {
            variants = List.copyOf(variants);
        }
    }

    /**
     * A member of an enum.
     *
     * @param value absent: one more than the member before, the first one 0
     */
    record Variant(Name name, @Nullable Expr value, Span span) implements Ast {}

    /**
     * {@code map calls: prog_array<u32>(512) = { 1 => f };}
     *
     * @param type normally {@link TypeExpr.Named} with type arguments and a size
     * @param rows absent if there is no initialiser; an empty one is an empty list
     */
    record Map(
            Modifiers modifiers,
            Name name,
            TypeExpr type,
            @Nullable List<Row> rows,
            Span span) implements Named {
        public Map {
            rows = rows == null ? null : List.copyOf(rows);
        }
    }

    /**
     * {@code mutable table actions: [Act]Action = { .drop => act_drop };}
     *
     * @param index a number of rows, or the name of an enum
     */
    record Table(
            Modifiers modifiers, boolean isMutable, Name name, Expr index, TypeExpr element, List<Row> rows, Span span)
            implements Named {
        public Table {
            rows = List.copyOf(rows);
        }
    }

    /** {@code 1, 2 => value} in a map or a table. */
    record Row(Cases cases, Expr value, Span span) implements Ast {}

    /**
     * {@code fn f(a: u32) -> u32 fails 0 { … }}
     *
     * @param result absent: {@code void}
     * @param fails what {@code ?} returns when it leaves
     */
    record Fn(
            Modifiers modifiers,
            Name name,
            List<Param> params,
            @Nullable TypeExpr result,
            @Nullable Expr fails,
            Stmt.Block body,
            Span span)
            implements Named {
        public Fn {
            params = List.copyOf(params);
        }
    }

    /** A parameter. */
    record Param(Name name, TypeExpr type, Span span) implements Ast {}

    /**
     * {@code extern fn bpf_x(…)} or {@code extern kfunc f(…)}.
     *
     * @param isKernelFunction {@code kfunc}; else a helper of the target's table
     * @param result absent: {@code void}
     */
    record Extern(
            Modifiers modifiers,
            boolean isKernelFunction,
            Name name,
            List<Param> params,
            @Nullable TypeExpr result,
            Span span)
            implements Named {
        public Extern {
            params = List.copyOf(params);
        }
    }

    /**
     * {@code prog tc("ingress") name(ctx: *SkBuff) -> TcAction fails TC_ACT_SHOT { … }}
     *
     * @param kind the program type, {@code xdp}
     * @param attach what stands in the parentheses behind the kind
     * @param fails what {@code ?} returns when it leaves
     */
    record Prog(
            Modifiers modifiers,
            Path kind,
            Expr.@Nullable Str attach,
            Name name,
            List<Param> params,
            TypeExpr result,
            @Nullable Expr fails,
            Stmt.Block body,
            Span span)
            implements Named {
        public Prog {
            params = List.copyOf(params);
        }
    }

    /** {@code test "what holds" { … }} */
    record Test(Modifiers modifiers, Expr.Str title, Stmt.Block body, Span span) implements Decl {}
}
