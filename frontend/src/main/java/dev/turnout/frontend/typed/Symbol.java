package dev.turnout.frontend.typed;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.Type;
import dev.turnout.ir.model.Function.Inlining;
import dev.turnout.stdlib.program.ProgramSection;
import dev.turnout.stdlib.program.ProgramType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a name stands for. A symbol is its declaration: compared by identity, since two locals may have one name. Symbols
 * of the object carry the name that they have in it ({@code linkName}): the plain name in the main file, {@code m__f} for
 * {@code f} of module {@code m}.
 */
public sealed interface Symbol {
    String name();

    /** Its name where it is declared. */
    Span declared();

    /** A symbol that ends up in the object. */
    sealed interface Linked extends Symbol {
        String linkName();
    }

    /** How a local came to be. */
    enum LocalKind {
        LET,
        VAR,
        PARAMETER,
        /** The variable of a {@code for}: constant in a round. */
        LOOP
    }

    /** A local variable or parameter. */
    final class Local implements Symbol {
        private final String name;
        private final Type type;
        private final LocalKind kind;
        private final Span declared;
        private boolean addressed;
        private boolean scratch;

        public Local(String name, Type type, LocalKind kind, Span declared) {
            this.name = name;
            this.type = type;
            this.kind = kind;
            this.declared = declared;
        }

        @Override
        public String name() {
            return name;
        }

        public Type type() {
            return type;
        }

        public LocalKind kind() {
            return kind;
        }

        /** Whether it may be assigned. */
        public boolean mutable() {
            return kind == LocalKind.VAR;
        }

        /** Whether {@code &} is applied to it or to a part of it somewhere: it then needs memory. */
        public boolean addressed() {
            return addressed;
        }

        /** For the checker, which learns it while it walks the body. */
        public void markAddressed() {
            addressed = true;
        }

        /** Whether {@code @scratch} keeps it out of the frame. */
        public boolean scratch() {
            return scratch;
        }

        /** For the checker. */
        public void markScratch() {
            scratch = true;
        }

        @Override
        public Span declared() {
            return declared;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * A {@code const} with a value. Scalars never appear as symbols in the tree (they are folded); arrays and structs do,
     * as places in read-only memory.
     */
    record Named(String name, String linkName, Type type, Constant value, Span declared) implements Linked {}

    /**
     * A function of the kernel that is no helper, as the program declares it.
     *
     * @param name as the kernel has it
     * @param names of its parameters
     */
    record KernelFunction(String name, List<String> names, List<Type> parameters, Type result) {
        public KernelFunction {
            names = List.copyOf(names);
            parameters = List.copyOf(parameters);
        }
    }

    /** A {@code config}: read-only from load on, set by the loader. Lives in {@code .rodata}. */
    record Config(String name, String linkName, Type type, Constant initial, Span declared) implements Linked {}

    /** A global {@code var}: in {@code .data}, or {@code .bss} if all zero. */
    record Global(String name, String linkName, Type type, Constant initial, Span declared) implements Linked {}

    /**
     * A map.
     *
     * @param flags as the kernel numbers them
     * @param innerFlags of a map of maps: those of the maps inside
     * @param programs what a {@code prog_array} holds before the first run, in the order of the indices; no index twice
     * @param maps what a map of maps holds then, likewise
     */
    record MapSymbol(
            String name,
            String linkName,
            Type.Map type,
            int flags,
            int innerFlags,
            boolean pinned,
            List<ProgramRow> programs,
            List<InnerRow> maps,
            Span declared)
            implements Linked, MapOperand {
        public MapSymbol {
            programs = List.copyOf(programs);
            maps = List.copyOf(maps);
        }
    }

    /**
     * An entry of a map of maps.
     *
     * @param index unsigned
     * @param span of the map's name in the row
     */
    record InnerRow(long index, MapSymbol map, Span span) {}

    /**
     * An entry of a {@code prog_array}.
     *
     * @param index unsigned
     * @param span of the program's name in the row
     */
    record ProgramRow(long index, FunctionSymbol program, Span span) {}

    /**
     * A static key.
     *
     * @param type {@code bool} or a closed enum
     * @param initial its value at load, as a number
     */
    record Key(String name, String linkName, Type type, long initial, boolean pinned, Span declared)
            implements Linked {}

    /**
     * A table of functions. A row is filled for every index, or null where nothing was given.
     *
     * @param type an array of a function type; of a nullable one if that is what the table states, or a row is missing
     * @param candidates what a row may ever hold, each once: the functions of the rows, and of a mutable table those that {@code
     *     @row} adds
     * @param nullable whether the table states a nullable type, so that its rows may be emptied
     * @param callx whether {@code @callx} demands the indirect call
     */
    record Table(
            String name,
            String linkName,
            Type.Array type,
            List<@Nullable FunctionSymbol> rows,
            List<FunctionSymbol> candidates,
            boolean mutable,
            boolean nullable,
            boolean callx,
            Span declared)
            implements Linked {
        public Table {
            rows = java.util.Collections.unmodifiableList(new java.util.ArrayList<>(rows));
            candidates = List.copyOf(candidates);
        }

        /** The type of the function in a row that is not missing. */
        public Type.Function functionType() {
            return (Type.Function) (type.element() instanceof Type.Maybe maybe ? maybe.of() : type.element());
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** How a function is entered. */
    sealed interface FunctionKind {
        /** A {@code fn}. */
        record Plain(Inlining inlining) implements FunctionKind {}

        /**
         * A {@code prog}.
         *
         * @param type its row
         * @param section says where it attaches: {@code xdp}, {@code tc/ingress}
         * @param optional whether loaders leave it out unless they are told to load it
         */
        record Program(ProgramType type, String section, boolean optional) implements FunctionKind {
            /** The ELF section: {@link #section}, marked if the program is optional. */
            public String elfSection() {
                return optional ? ProgramSection.optional(section) : section;
            }
        }
    }

    /**
     * A function or program: its signature. The body is in {@link TypedFunction}.
     *
     * @param fails what {@code ?} returns, of the result type; null if none is stated
     */
    record FunctionSymbol(
            String name,
            String linkName,
            FunctionKind kind,
            List<Local> parameters,
            Type result,
            @Nullable Constant fails,
            Span declared)
            implements Linked {
        public FunctionSymbol {
            parameters = List.copyOf(parameters);
        }

        /** The type of the function as a value. */
        public Type.Function type() {
            return new Type.Function(parameters.stream().map(Local::type).toList(), result);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
