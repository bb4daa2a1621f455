package dev.turnout.frontend.type;

import dev.turnout.stdlib.map.MapKind;
import dev.turnout.stdlib.program.ContextLayout;
import dev.turnout.stdlib.program.ContextView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A type of the language. {@code toString} is the type as the user writes it.
 *
 * <p>{@link Exact}, {@link Null}, {@link Never} and {@link Poison} exist only while checking: no expression of a finished
 * {@code TypedProgram} has one of them.
 */
public sealed interface Type permits Type.Simple, Type.Compound, StructType, EnumType {

    /** Types without parts. */
    sealed interface Simple extends Type {}

    /** Types made of others. */
    sealed interface Compound extends Type {}

    /**
     * A number in host order.
     *
     * @param bits 8, 16, 32 or 64
     */
    record Int(int bits, boolean signed) implements Simple {
        public static final Int U8 = new Int(8, false);
        public static final Int U16 = new Int(16, false);
        public static final Int U32 = new Int(32, false);
        public static final Int U64 = new Int(64, false);
        public static final Int I8 = new Int(8, true);
        public static final Int I16 = new Int(16, true);
        public static final Int I32 = new Int(32, true);
        public static final Int I64 = new Int(64, true);

        /** The unsigned type of a width of 8, 16, 32 or 64. */
        public static Int unsigned(int bits) {
            return bits == 8 ? U8 : bits == 16 ? U16 : bits == 32 ? U32 : U64;
        }

        @Override
        public String toString() {
            return (signed ? "i" : "u") + bits;
        }
    }

    /**
     * A bit field of a header: {@code u1} to {@code u63}. The type of a field only, never of an expression: reading gives
     * {@link #read}.
     */
    record Bits(int bits) implements Simple {
        /** The next standard width, as which the field reads. */
        public Int read() {
            return bits <= 8 ? Int.U8 : bits <= 16 ? Int.U16 : bits <= 32 ? Int.U32 : Int.U64;
        }

        @Override
        public String toString() {
            return "u" + bits;
        }
    }

    /** One byte in memory, 0 or 1; one bit in a header. */
    record Bool() implements Simple {
        public static final Bool BOOL = new Bool();

        @Override
        public String toString() {
            return "bool";
        }
    }

    /**
     * A number in network order.
     *
     * @param bits 16, 32 or 64
     */
    record BigEndian(int bits) implements Simple {
        public static final BigEndian BE16 = new BigEndian(16);
        public static final BigEndian BE32 = new BigEndian(32);
        public static final BigEndian BE64 = new BigEndian(64);

        /** The number as the host counts. */
        public Int host() {
            return Int.unsigned(bits);
        }

        @Override
        public String toString() {
            return "be" + bits;
        }
    }

    /** A position in the packet of the program. */
    record Cursor() implements Simple {
        public static final Cursor CURSOR = new Cursor();

        @Override
        public String toString() {
            return "Cursor";
        }
    }

    /**
     * What a program is called with; only behind a reference.
     *
     * @param view what of it is seen
     */
    record Context(ContextView view) implements Simple {
        /** Its row. */
        public ContextLayout layout() {
            return view.layout();
        }

        @Override
        public String toString() {
            return view.word();
        }
    }

    /** A lock inside the value of a map, 4 bytes: {@code struct bpf_spin_lock}. It has no value of its own to read or copy. */
    record SpinLock() implements Simple {
        public static final SpinLock SPIN_LOCK = new SpinLock();

        @Override
        public String toString() {
            return "spin_lock";
        }
    }

    /** A packet that a test has made, with its bytes; in {@code test} blocks only. */
    record Packet() implements Simple {
        public static final Packet PACKET = new Packet();

        @Override
        public String toString() {
            return "packet";
        }
    }

    /** Text that a test compares, such as {@code output()}; in {@code test} blocks only. */
    record Text() implements Simple {
        public static final Text TEXT = new Text();

        @Override
        public String toString() {
            return "text";
        }
    }

    /** No value. */
    record Void() implements Simple {
        public static final Void VOID = new Void();

        @Override
        public String toString() {
            return "void";
        }
    }

    /** A number that is still exact: takes the type at which it is used. Internal to the checker. */
    record Exact() implements Simple {
        public static final Exact EXACT = new Exact();

        @Override
        public String toString() {
            return "number";
        }
    }

    /** {@code null} before it meets a type. Internal to the checker. */
    record Null() implements Simple {
        public static final Null NULL = new Null();

        @Override
        public String toString() {
            return "null";
        }
    }

    /** The type of what does not come back. Internal to the checker. */
    record Never() implements Simple {
        public static final Never NEVER = new Never();

        @Override
        public String toString() {
            return "never";
        }
    }

    /** What is already reported: fits everywhere and says nothing more. Internal to the checker. */
    record Poison() implements Simple {
        public static final Poison POISON = new Poison();

        @Override
        public String toString() {
            return "?";
        }
    }

    /**
     * {@code [N]T}, or {@code [E]T} with a slot for each member of an enum.
     *
     * @param count elements, from 0
     * @param index the enum that indexes it, else null
     */
    record Array(Type element, long count, @Nullable EnumType index) implements Compound {
        public Array(Type element, long count) {
            this(element, count, null);
        }

        @Override
        public String toString() {
            return "[" + (index == null ? count : index.name()) + "]" + element;
        }
    }

    /**
     * {@code *T} or {@code *const T}: the address of a value, never null.
     *
     * @param constant whether nothing may be stored through it
     */
    record Ref(Type to, boolean constant) implements Compound {
        /** Whether it leads into the kernel's memory: then it is a number to the program, which only helpers read through. */
        public boolean kernel() {
            return to instanceof StructType struct && struct.isKernel();
        }

        @Override
        public String toString() {
            return (constant ? "*const " : "*") + to;
        }
    }

    /**
     * {@code own *T}: the address of a value that must be given back exactly once; moved, never copied. Nothing of it is left at
     * run time but the address.
     */
    record Own(Type to) implements Compound {
        @Override
        public String toString() {
            return "own *" + to;
        }
    }

    /** {@code ?T}: a value or {@code null}. {@code of} is never itself nullable; it may be {@link Void}. */
    record Maybe(Type of) implements Compound {
        @Override
        public String toString() {
            return "?" + of;
        }
    }

    /** The address of a function, never null. */
    record Function(List<Type> parameters, Type result) implements Compound {
        public Function {
            parameters = List.copyOf(parameters);
        }

        @Override
        public String toString() {
            StringBuilder out = new StringBuilder("fn(");
            for (int i = 0; i < parameters.size(); i++) {
                out.append(i == 0 ? "" : ", ").append(parameters.get(i));
            }
            out.append(')');
            return result instanceof Void
                    ? out.toString()
                    : out.append(" -> ").append(result).toString();
        }
    }

    /**
     * {@code []const T}: a table or an array of functions that is only read, with its length. A parameter or a local.
     *
     * @param element a function type, or a nullable one
     */
    record Slice(Type element) implements Compound {
        @Override
        public String toString() {
            return "[]const " + element;
        }
    }

    /**
     * A map.
     *
     * @param kind its row
     * @param key {@link Void} where the kind has none
     * @param value {@link Void} where the kind has none, or it is a program; of a map of maps the type of the maps inside
     * @param maxEntries as the kind counts (entries, or bytes of a ring buffer)
     */
    record Map(MapKind kind, Type key, Type value, long maxEntries) implements Compound {
        @Override
        public String toString() {
            StringBuilder out = new StringBuilder(kind.word());
            switch (kind.shape()) {
                case KEY_AND_VALUE, KEY_AND_MAP ->
                    out.append('<').append(key).append(", ").append(value).append('>');
                case KEY -> out.append('<').append(key).append('>');
                case VALUE -> out.append('<').append(value).append('>');
                case NOTHING -> {}
            }
            return out.append('(').append(maxEntries).append(')').toString();
        }
    }

    /** Bytes that a value takes in memory; 8 for references and functions, 0 for what has no memory form. */
    default long size() {
        return switch (this) {
            case Int type -> type.bits() / 8;
            case Bits type -> type.read().size();
            case Bool _ -> 1;
            case BigEndian type -> type.bits() / 8;
            case EnumType type -> type.underlying().size();
            case StructType type -> type.byteSize();
            case Array type -> type.element().size() * type.count();
            case Ref _, Own _, Function _ -> 8;
            case SpinLock _ -> 4;
            case Maybe type -> maybeSize(type.of());
            case Slice _ -> 16;
            case Cursor _ -> 8;
            case Context _, Packet _, Text _, Void _, Exact _, Null _, Never _, Poison _, Map _ -> 0;
        };
    }

    private static long maybeSize(Type of) {
        if ((of instanceof Ref ref && !ref.kernel()) || of instanceof Own || of instanceof Function) {
            return 8;
        }
        // A value and, behind it, one byte that says whether it is there, as in struct { T value; bool present; }.
        long align = Math.max(1, of.align());
        return (of.size() + 1 + align - 1) / align * align;
    }

    /** Alignment in bytes, a power of two. */
    default long align() {
        return switch (this) {
            case Int type -> type.bits() / 8;
            case Bits _, Bool _ -> 1;
            case BigEndian type -> type.bits() / 8;
            case EnumType type -> type.underlying().align();
            case StructType type -> type.byteAlign();
            case Array type -> type.element().align();
            case Ref _, Own _, Function _, Slice _, Cursor _ -> 8;
            case SpinLock _ -> 4;
            case Maybe type -> Math.max(1, type.of().align());
            case Context _, Packet _, Text _, Void _, Exact _, Null _, Never _, Poison _, Map _ -> 1;
        };
    }

    /** Whether it is already reported. */
    default boolean poisoned() {
        return switch (this) {
            case Poison _ -> true;
            case Ref type -> type.to().poisoned();
            case Own type -> type.to().poisoned();
            case Maybe type -> type.of().poisoned();
            case Array type -> type.element().poisoned();
            case Slice type -> type.element().poisoned();
            case Map type -> type.key().poisoned() || type.value().poisoned();
            case Function type ->
                type.result().poisoned() || type.parameters().stream().anyMatch(Type::poisoned);
            case Simple _, StructType _, EnumType _ -> false;
        };
    }

    /** Whether a value lies in memory as a whole rather than in one register: structs and arrays. */
    default boolean aggregate() {
        return this instanceof StructType || this instanceof Array;
    }

    /** Whether its values must be given back: {@code own *T}, null or not. */
    default boolean owned() {
        return this instanceof Own || (this instanceof Maybe maybe && maybe.of() instanceof Own);
    }

    /** Whether a {@code spin_lock} lies in its values. */
    default boolean holdsLock() {
        return switch (this) {
            case SpinLock _ -> true;
            case Array type -> type.element().holdsLock();
            case StructType type ->
                type.isComplete()
                        && type.fields().stream().anyMatch(field -> field.type().holdsLock());
            case Simple _, Compound _, EnumType _ -> false;
        };
    }

    /** Whether its values are references of some kind, null or not. */
    default boolean pointer() {
        return this instanceof Ref || (this instanceof Maybe maybe && maybe.of() instanceof Ref);
    }
}
