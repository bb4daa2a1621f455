package dev.turnout.frontend.typed;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.ir.model.AtomicOp;
import dev.turnout.stdlib.helper.HelperFunction;
import java.util.List;

/** A built-in operation that programs have. */
public sealed interface Builtin extends TypedExpr {
    /** {@code ctx.cursor()}: at the start of the packet that the context holds. */
    record ContextCursor(TypedExpr context, Type type, Span span) implements Builtin {}

    /**
     * {@code ctx.load(off, &buf)}: copies out of a packet that need not be linear; {@code ?void}.
     *
     * @param buffer a reference to what is filled
     */
    record ContextLoad(TypedExpr context, TypedExpr offset, TypedExpr buffer, Type type, Span span)
            implements Builtin {}

    /**
     * {@code ctx.adjust_head(n)} and its like: {@code ?void}, null if the helper says no.
     *
     * @param helper given the context, then the arguments, a reference with its size behind it, then zeros
     */
    record ContextCall(HelperFunction helper, TypedExpr context, List<TypedExpr> arguments, Type type, Span span)
            implements Builtin {
        public ContextCall {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * {@code pkt.take(H)} (advances) and {@code pkt.peek(H)}: {@code ?*H}.
     *
     * @param cursor the place of the cursor
     */
    record CursorTake(Place cursor, StructType header, boolean advances, Type type, Span span) implements Builtin {}

    /** {@code pkt.skip(n)}: {@code ?void}; {@code count} is unsigned of any width. */
    record CursorSkip(Place cursor, TypedExpr count, Type type, Span span) implements Builtin {}

    /**
     * {@code pkt.u8_at(off)}, {@code u16_at}, {@code u32_at}: in network order from the position, as a host number;
     * {@code ?u8}, {@code ?u16}, {@code ?u32}. {@code offset} is unsigned of any width.
     */
    record CursorLoad(Place cursor, int bits, TypedExpr offset, Type type, Span span) implements Builtin {}

    /** {@code pkt.rest()}: bytes from the position to the end of the packet, {@code u32}. */
    record CursorRest(Place cursor, Type type, Span span) implements Builtin {}

    /**
     * {@code ctx.arg(n)} of a system call: the register of the caller that holds it, which is read by a helper; 0 if it cannot be read.
     *
     * @param offset of the register from the start of the registers that the first field of the context leads to
     */
    record SystemCallArgument(TypedExpr context, int offset, Type type, Span span) implements Builtin {}

    /** {@code m[k]} that can miss: {@code ?*V}. */
    record MapLookup(MapOperand map, TypedExpr key, Type type, Span span) implements Builtin {}

    /**
     * {@code m.insert(k, v, flag)}: 0 or a negative error number, {@code i64}.
     *
     * @param flags 0 any, 1 only if absent, 2 only if present
     */
    record MapInsert(MapOperand map, TypedExpr key, TypedExpr value, int flags, Type type, Span span)
            implements Builtin {}

    /** {@code m.delete(k)}: 0 or a negative error number, {@code i64}. */
    record MapDelete(MapOperand map, TypedExpr key, Type type, Span span) implements Builtin {}

    /**
     * {@code m.push(v)} and {@code m.add(v)}: 0 or a negative error number, {@code i64}.
     *
     * @param flags 0, or 2 to drop the oldest where the map is full
     */
    record MapPush(MapOperand map, TypedExpr value, int flags, Type type, Span span) implements Builtin {}

    /** {@code m.pop()} (removes) and {@code m.peek()}: {@code ?V}. */
    record MapPop(MapOperand map, boolean removes, Type type, Span span) implements Builtin {}

    /** {@code m.has(v)}: whether a bloom filter may hold a value, {@code bool}. */
    record MapHas(MapOperand map, TypedExpr value, Type type, Span span) implements Builtin {}

    /**
     * {@code m.each(f, &state)}: calls {@code f} for every entry until it gives false; how many entries it saw, or a negative
     * error number, {@code i64}.
     *
     * @param function from {@code *const K}, {@code *V} and {@code *S} to {@code bool}
     * @param state a reference to a local
     */
    record MapEach(MapOperand map, Symbol.FunctionSymbol function, TypedExpr state, Type type, Span span)
            implements Builtin {}

    /**
     * {@code redirect(m, i, fallback)}: the verdict that sends the packet to slot {@code index} of a redirect map, or {@code
     * fallback} if it is empty.
     */
    record RedirectMap(Symbol.MapSymbol map, TypedExpr index, TypedExpr fallback, Type type, Span span)
            implements Builtin {}

    /** An operation on numbers that is not an operator. */
    enum NumberOperation {
        /** Two operands of the result's type. */
        MIN,
        MAX,
        /** Bits that are one, as {@code u32}. */
        POPCOUNT,
        /** Zeros above the highest one; the width for 0; {@code u32}. */
        CLZ,
        /** Zeros below the lowest one; the width for 0; {@code u32}. */
        CTZ,
        /** Bytes in reverse order; 16, 32 or 64 bits, or 8 (nothing changes). */
        BSWAP,
        /** Rotates the first operand left by the second (of the same type, modulo the width). */
        ROTL
    }

    record NumberCall(NumberOperation operation, List<TypedExpr> arguments, Type type, Span span) implements Builtin {
        public NumberCall {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * An atomic operation on 4 or 8 aligned bytes.
     *
     * @param target a reference to an integer of 4 or 8 bytes
     * @param operands as many as the operation has, of the type referred to
     * @param type the type referred to, or void where the operation has no result
     */
    record Atomic(AtomicOp op, TypedExpr target, List<TypedExpr> operands, Type type, Span span) implements Builtin {
        public Atomic {
            operands = List.copyOf(operands);
        }
    }

    /**
     * A call of a helper whose arguments and result are numbers or plain references.
     *
     * @param helper its row
     */
    record HelperCall(HelperFunction helper, List<TypedExpr> arguments, Type type, Span span) implements Builtin {
        public HelperCall {
            arguments = List.copyOf(arguments);
        }
    }

    /** A call of a function of the kernel that is no helper. */
    record KernelCall(Symbol.KernelFunction function, List<TypedExpr> arguments, Span span) implements Builtin {
        public KernelCall {
            arguments = List.copyOf(arguments);
        }

        @Override
        public Type type() {
            return function.result();
        }
    }

    /** {@code current::comm()}: the name of the running task, {@code [16]u8}. */
    record CurrentComm(Type type, Span span) implements Builtin {}

    /** How a part of a {@code print} is shown. */
    enum PrintForm {
        /** {@code {}}: decimal; {@code true} or {@code false}; a {@code [N]u8} up to its first NUL. */
        PLAIN,
        /** {@code {x}}. */
        HEX,
        /** {@code {ip}}: a {@code be32}, or a {@code [16]u8}. */
        IP,
        /** {@code {mac}}: a {@code [6]u8}. */
        MAC
    }

    /** A piece of a format: text as it is, or the next argument. */
    sealed interface PrintPart {
        record Literal(String text) implements PrintPart {}

        record Argument(PrintForm form, TypedExpr value) implements PrintPart {}
    }

    /** {@code print(…)}; a newline is added at the end. */
    record Print(List<PrintPart> parts, Type type, Span span) implements Builtin {
        public Print {
            parts = List.copyOf(parts);
        }
    }

    /** {@code hash::jhash(p, seed)}: Jenkins' hash over the bytes of what {@code target} refers to; {@code u32}. */
    record JenkinsHash(TypedExpr target, TypedExpr seed, Type type, Span span) implements Builtin {}

    /**
     * {@code csum::sum(p)}: the ones' complement sum of what {@code target} refers to, as 16-bit words in network order
     * (an odd last byte is the high half of a word), folded to a {@code u16}.
     */
    record ChecksumSum(TypedExpr target, Type type, Span span) implements Builtin {}
}
