package dev.turnout.frontend.typed;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.ir.model.ByteString;
import dev.turnout.stdlib.program.ContextView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A built-in operation that only {@code test} blocks have. */
public sealed interface TestOperation extends TypedExpr {
    /** {@code expect(c)}: the test fails, showing the text of the condition, if it does not hold. */
    record Expect(TypedExpr condition, Type type, Span span) implements TestOperation {}

    /**
     * {@code run(prog, input)}: the program's result.
     *
     * @param input a {@link Type.Packet}, a {@link ContextValue}, or a struct that is the context, or a reference to one
     */
    record Run(Symbol.FunctionSymbol program, TypedExpr input, Type type, Span span) implements TestOperation {}

    /** {@code packet(a, b, …)}: the bytes of headers, structs and byte arrays, one after the other. */
    record MakePacket(List<TypedExpr> parts, Type type, Span span) implements TestOperation {
        public MakePacket {
            parts = List.copyOf(parts);
        }
    }

    /** {@code p.cut(n)}: the first {@code n} bytes. */
    record CutPacket(TypedExpr packet, TypedExpr length, Type type, Span span) implements TestOperation {}

    /**
     * {@code p.at(H, off)}: {@code ?*H} into the packet as the last run left it.
     *
     * @param packet the place of the packet: a local variable
     */
    record PacketAt(Place packet, StructType header, TypedExpr offset, Type type, Span span) implements TestOperation {}

    /** {@code p.len()}: bytes, {@code u32}. */
    record PacketLength(TypedExpr packet, Type type, Span span) implements TestOperation {}

    /**
     * A field of a context and what it is to hold.
     *
     * @param ofRegisters whether it is one of the registers that the context's first field leads to
     */
    record ContextInit(ContextView.Slot slot, boolean ofRegisters, TypedExpr value) {}

    /**
     * {@code XdpCtx{ … }} as the input of {@code run}: fields not named are zero.
     *
     * @param packet what {@code packet = …} says, or null
     */
    record ContextValue(List<ContextInit> fields, @Nullable TypedExpr packet, Type type, Span span)
            implements TestOperation {
        public ContextValue {
            fields = List.copyOf(fields);
        }
    }

    /** {@code user(v)}: the address, {@code u64}, of a copy of a value in the memory of the process that programs see. */
    record UserMemory(TypedExpr value, Type type, Span span) implements TestOperation {}

    /** {@code clock(t)}: sets the clock, nanoseconds. */
    record SetClock(TypedExpr time, Type type, Span span) implements TestOperation {}

    /** {@code output()}: what was printed since the last {@code output()}. */
    record Output(Type type, Span span) implements TestOperation {}

    /** A text compared with a literal. */
    record TextEquals(TypedExpr text, ByteString literal, boolean negated, Type type, Span span)
            implements TestOperation {}

    /** {@code set(key, value)}. */
    record SetKey(Symbol.Key key, TypedExpr value, Type type, Span span) implements TestOperation {}

    /** {@code reload()}: loads the object anew with the values stored to {@code config}. */
    record Reload(Type type, Span span) implements TestOperation {}

    /** {@code m.len()}, {@code m.count()}: entries in a map, {@code u32}. */
    record MapLength(MapOperand map, Type type, Span span) implements TestOperation {}

    /** {@code m.count()} of a ring buffer: records that nobody has taken yet, {@code u32}. */
    record EventCount(MapOperand map, Type type, Span span) implements TestOperation {}

    /**
     * {@code m.next(T)}: takes the oldest record; {@code ?*T} to a copy of it. A record of another size fails the test.
     */
    record NextEvent(MapOperand map, Type record, Type type, Span span) implements TestOperation {}

    /**
     * {@code str(a)}: bytes up to the first NUL as a text.
     *
     * @param bytes a {@code [N]u8}
     */
    record TextOf(TypedExpr bytes, Type type, Span span) implements TestOperation {}

    /** What is counted in emitted code. */
    enum CodeCount {
        TABLES,
        GOTOX,
        CALLX,
        NOPS
    }

    /** {@code tables(f)}, {@code gotox(f)}, {@code callx(f)}, {@code nops(f)}: {@code u32}; {@code vm} only. */
    record CountCode(CodeCount count, Symbol.FunctionSymbol function, Type type, Span span) implements TestOperation {}

    /** {@code sites(key)}: patch sites of all programs, {@code u32}; {@code vm} only. */
    record CountSites(Symbol.Key key, Type type, Span span) implements TestOperation {}
}
