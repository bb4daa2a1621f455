package dev.turnout.ir.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What an instruction does: pure data, compared by content. A switch over this family without {@code default} is how
 * every reader is told of a new member.
 */
public sealed interface Operation {
    /** The values used, in the order of the text. */
    List<Value> operands();

    /** The same operation on other values, each of the same type as the one it replaces. */
    Operation map(UnaryOperator<Value> to);

    /** The type of the result. */
    Type type();

    Effect effect();

    /**
     * A number.
     *
     * @param value has no bits above the width
     */
    record Const(Type.Int type, long value) implements Operation {
        public Const {
            value = type.truncate(value);
        }

        @Override
        public List<Value> operands() {
            return List.of();
        }

        @Override
        public Const map(UnaryOperator<Value> to) {
            return this;
        }

        @Override
        public Effect effect() {
            return Effect.PURE;
        }
    }

    /** The null pointer of a type. */
    record Null(Type.Ptr type) implements Operation {
        @Override
        public List<Value> operands() {
            return List.of();
        }

        @Override
        public Null map(UnaryOperator<Value> to) {
            return this;
        }

        @Override
        public Effect effect() {
            return Effect.PURE;
        }
    }

    record Unary(UnaryOp op, Value a) implements Operation {
        public Unary {
            integer(a);
        }

        @Override
        public List<Value> operands() {
            return List.of(a);
        }

        @Override
        public Unary map(UnaryOperator<Value> to) {
            return new Unary(op, to.apply(a));
        }

        @Override
        public Type type() {
            return a.type();
        }

        @Override
        public Effect effect() {
            return Effect.PURE;
        }
    }

    record Binary(BinaryOp op, Value a, Value b) implements Operation {
        public Binary {
            same(a, b);
            integer(a);
        }

        @Override
        public List<Value> operands() {
            return List.of(a, b);
        }

        @Override
        public Binary map(UnaryOperator<Value> to) {
            return new Binary(op, to.apply(a), to.apply(b));
        }

        @Override
        public Type type() {
            return a.type();
        }

        @Override
        public Effect effect() {
            return Effect.PURE;
        }
    }

    /** Pointers are compared by address; only {@code eq} and {@code ne} with null are portable to every target. */
    record Compare(CompareOp op, Value a, Value b) implements Operation {
        public Compare {
            if (a.type() instanceof Type.Int || b.type() instanceof Type.Int) {
                same(a, b);
            }
        }

        @Override
        public List<Value> operands() {
            return List.of(a, b);
        }

        @Override
        public Compare map(UnaryOperator<Value> to) {
            return new Compare(op, to.apply(a), to.apply(b));
        }

        @Override
        public Type type() {
            return Type.Int.I1;
        }

        @Override
        public Effect effect() {
            return Effect.PURE;
        }
    }

    record Convert(ConvertOp op, Value a, Type.Int type) implements Operation {
        public Convert {
            int from = integer(a).bits();
            if (op == ConvertOp.TRUNC ? type.bits() >= from : type.bits() <= from) {
                throw new IllegalArgumentException(op + " from " + from + " to " + type.bits() + " bits");
            }
        }

        @Override
        public List<Value> operands() {
            return List.of(a);
        }

        @Override
        public Convert map(UnaryOperator<Value> to) {
            return new Convert(op, to.apply(a), type);
        }

        @Override
        public Effect effect() {
            return Effect.PURE;
        }
    }

    /** {@code a} if the condition holds, else {@code b}; both are already computed. */
    record Select(Value condition, Value a, Value b) implements Operation {
        public Select {
            same(a, b);
        }

        @Override
        public List<Value> operands() {
            return List.of(condition, a, b);
        }

        @Override
        public Select map(UnaryOperator<Value> to) {
            return new Select(to.apply(condition), to.apply(a), to.apply(b));
        }

        @Override
        public Type type() {
            return a.type();
        }

        @Override
        public Effect effect() {
            return Effect.PURE;
        }
    }

    /** {@code base} moved by {@code index} bytes (an i64, signed). */
    record Offset(Value base, Value index) implements Operation {
        @Override
        public List<Value> operands() {
            return List.of(base, index);
        }

        @Override
        public Offset map(UnaryOperator<Value> to) {
            return new Offset(to.apply(base), to.apply(index));
        }

        @Override
        public Type type() {
            return base.type();
        }

        @Override
        public Effect effect() {
            return Effect.PURE;
        }
    }

    /** {@code a - b} in bytes, of two pointers into one region (or a packet's end and the packet). */
    record Difference(Value a, Value b) implements Operation {
        @Override
        public List<Value> operands() {
            return List.of(a, b);
        }

        @Override
        public Difference map(UnaryOperator<Value> to) {
            return new Difference(to.apply(a), to.apply(b));
        }

        @Override
        public Type type() {
            return Type.Int.I64;
        }

        @Override
        public Effect effect() {
            return Effect.PURE;
        }
    }

    /**
     * A place of the frame, its own in every activation of the function. In the entry block only. Contents are undefined
     * until stored.
     *
     * @param size bytes
     * @param align bytes, a power of two up to 8
     * @param name of the variable, for people; need not be unique
     */
    record Slot(int size, int align, String name) implements Operation {
        @Override
        public List<Value> operands() {
            return List.of();
        }

        @Override
        public Slot map(UnaryOperator<Value> to) {
            return this;
        }

        @Override
        public Type type() {
            return Type.ptr(Region.STACK);
        }

        /** Two equal slots are still two slots: not {@link Effect#PURE}, but removable. */
        @Override
        public Effect effect() {
            return Effect.READS;
        }
    }

    /**
     * The address of something that the module declares.
     *
     * @param region GLOBAL (a variable or a table of functions), MAP or FUNCTION says of what kind
     */
    record Address(Region region, String name) implements Operation {
        @Override
        public List<Value> operands() {
            return List.of();
        }

        @Override
        public Address map(UnaryOperator<Value> to) {
            return this;
        }

        @Override
        public Type type() {
            return Type.ptr(region);
        }

        @Override
        public Effect effect() {
            return Effect.PURE;
        }
    }

    /**
     * Reads a number or pointer at {@code address + offset}.
     *
     * @param offset bytes, signed 16 bit
     * @param order of the bytes in memory; LITTLE for pointers and single bytes
     */
    record Load(Type type, Value address, int offset, ByteOrder order) implements Operation {
        @Override
        public List<Value> operands() {
            return List.of(address);
        }

        @Override
        public Load map(UnaryOperator<Value> to) {
            return new Load(type, to.apply(address), offset, order);
        }

        @Override
        public Effect effect() {
            return Effect.READS;
        }
    }

    /**
     * Reads a field of the context. The field's width in the context's layout may differ from the result's: {@code
     * xdp_md.data} is four bytes there and a packet pointer here.
     *
     * @param offset bytes from the start of the context
     * @param bytes width of the field
     */
    record LoadContext(Type type, Value context, int offset, int bytes) implements Operation {
        @Override
        public List<Value> operands() {
            return List.of(context);
        }

        @Override
        public LoadContext map(UnaryOperator<Value> to) {
            return new LoadContext(type, to.apply(context), offset, bytes);
        }

        @Override
        public Effect effect() {
            return Effect.READS;
        }
    }

    /** Writes a number or pointer at {@code address + offset}; see {@link Load}. */
    record Store(Value address, int offset, Value value, ByteOrder order) implements Operation {
        @Override
        public List<Value> operands() {
            return List.of(address, value);
        }

        @Override
        public Store map(UnaryOperator<Value> to) {
            return new Store(to.apply(address), offset, to.apply(value), order);
        }

        @Override
        public Type type() {
            return Type.Void.VOID;
        }

        @Override
        public Effect effect() {
            return Effect.WRITES;
        }
    }

    /**
     * An indivisible operation on memory.
     *
     * @param width I32 or I64
     * @param values as {@link AtomicOp#operandCount()} says
     */
    record Atomic(AtomicOp op, Type.Int width, Value address, int offset, List<Value> values) implements Operation {
        public Atomic {
            values = List.copyOf(values);
        }

        @Override
        public List<Value> operands() {
            return prepend(address, values);
        }

        @Override
        public Atomic map(UnaryOperator<Value> to) {
            return new Atomic(op, width, to.apply(address), offset, all(values, to));
        }

        @Override
        public Type type() {
            return op.hasResult() ? width : Type.Void.VOID;
        }

        @Override
        public Effect effect() {
            return Effect.CALLS;
        }
    }

    /** Calls a function of the module. */
    record Call(String function, List<Value> arguments, Type type) implements Operation {
        public Call {
            arguments = List.copyOf(arguments);
        }

        @Override
        public List<Value> operands() {
            return arguments;
        }

        @Override
        public Call map(UnaryOperator<Value> to) {
            return new Call(function, all(arguments, to), type);
        }

        @Override
        public Effect effect() {
            return Effect.CALLS;
        }
    }

    /**
     * Calls through a function value, which points into {@link Region#FUNCTION} and is not null.
     *
     * @param family the functions that it can be: those of this family whose address is taken, by {@link Address} or in a table.
     *     A family is a type of the source, so what a call of one family passes suits each function of it
     */
    record CallPointer(Value callee, List<Value> arguments, Type type, String family) implements Operation {
        public CallPointer {
            arguments = List.copyOf(arguments);
        }

        @Override
        public List<Value> operands() {
            return prepend(callee, arguments);
        }

        @Override
        public CallPointer map(UnaryOperator<Value> to) {
            return new CallPointer(to.apply(callee), all(arguments, to), type, family);
        }

        @Override
        public Effect effect() {
            return Effect.CALLS;
        }
    }

    /**
     * Calls a helper of the kernel's table.
     *
     * @param helper name of its row, as in {@code map_lookup_elem}
     * @param quiet whether it leaves frame, packet and context as they are and keeps no address that it is given: it reads what its
     *     arguments point to, and no more. What it does to maps is another matter
     */
    record CallHelper(String helper, List<Value> arguments, Type type, boolean quiet) implements Operation {
        public CallHelper {
            arguments = List.copyOf(arguments);
        }

        /** A call that may do anything. */
        public CallHelper(String helper, List<Value> arguments, Type type) {
            this(helper, arguments, type, false);
        }

        @Override
        public List<Value> operands() {
            return arguments;
        }

        @Override
        public CallHelper map(UnaryOperator<Value> to) {
            return new CallHelper(helper, all(arguments, to), type, quiet);
        }

        @Override
        public Effect effect() {
            return Effect.CALLS;
        }
    }

    /**
     * Calls a function of the kernel that is no helper.
     *
     * @param function name of its declaration in the module
     */
    record CallKernel(String function, List<Value> arguments, Type type) implements Operation {
        public CallKernel {
            arguments = List.copyOf(arguments);
        }

        @Override
        public List<Value> operands() {
            return arguments;
        }

        @Override
        public CallKernel map(UnaryOperator<Value> to) {
            return new CallKernel(function, all(arguments, to), type);
        }

        @Override
        public Effect effect() {
            return Effect.CALLS;
        }
    }

    /**
     * Calls the world that a {@code test} block runs in ({@code expect}, {@code run}, {@code packet}, …). Never in code
     * that becomes BPF.
     */
    record CallHost(String service, List<Value> arguments, Type type) implements Operation {
        public CallHost {
            arguments = List.copyOf(arguments);
        }

        @Override
        public List<Value> operands() {
            return arguments;
        }

        @Override
        public CallHost map(UnaryOperator<Value> to) {
            return new CallHost(service, all(arguments, to), type);
        }

        @Override
        public Effect effect() {
            return Effect.CALLS;
        }
    }

    /**
     * A claim that must be shown before code is made of it: {@code index < below}, unsigned. Range analysis discharges
     * it; what stays is a compile error at its site.
     *
     * @param site number of the place in the text that asks for it; the maker of the claim knows which
     */
    record Prove(Value index, long below, int site) implements Operation {
        @Override
        public List<Value> operands() {
            return List.of(index);
        }

        @Override
        public Prove map(UnaryOperator<Value> to) {
            return new Prove(to.apply(index), below, site);
        }

        @Override
        public Type type() {
            return Type.Void.VOID;
        }

        @Override
        public Effect effect() {
            return Effect.WRITES;
        }
    }

    /**
     * The same number, about which no later reader may know anything: no pass folds it, and the emitted code hides it
     * from the kernel's verifier too. Loop-carried values of converging loops start from it.
     */
    record Opaque(Value a) implements Operation {
        @Override
        public List<Value> operands() {
            return List.of(a);
        }

        @Override
        public Opaque map(UnaryOperator<Value> to) {
            return new Opaque(to.apply(a));
        }

        @Override
        public Type type() {
            return a.type();
        }

        /** Two are not one: each hides its own value. */
        @Override
        public Effect effect() {
            return Effect.READS;
        }
    }

    private static void same(Value a, Value b) {
        if (!a.type().equals(b.type())) {
            throw new IllegalArgumentException(a + " is " + a.type() + ", " + b + " is " + b.type());
        }
    }

    private static Type.Int integer(Value a) {
        if (a.type() instanceof Type.Int type) {
            return type;
        }
        throw new IllegalArgumentException(a + " is " + a.type() + ", not an integer");
    }

    private static List<Value> all(List<Value> values, UnaryOperator<Value> to) {
        return values.stream().map(to).toList();
    }

    private static List<Value> prepend(Value first, List<Value> rest) {
        List<Value> all = new ArrayList<>(rest.size() + 1);
        all.add(first);
        all.addAll(rest);
        return List.copyOf(all);
    }
}
