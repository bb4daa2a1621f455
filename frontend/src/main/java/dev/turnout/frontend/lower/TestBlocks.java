package dev.turnout.frontend.lower;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.TestOperation;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.program.ContextLayout;
import dev.turnout.stdlib.program.ContextView;
import java.util.List;

/** What only test blocks have: calls of the world that they run in. */
final class TestBlocks {
    private static final dev.turnout.ir.model.Type NOTHING = dev.turnout.ir.model.Type.Void.VOID;

    /** Of a context whose length is not known: more than the fields that have names. */
    private static final int MOST_BYTES = 256;

    private final FunctionLowering fn;
    private final FunctionBuilder code;

    TestBlocks(FunctionLowering fn) {
        this.fn = fn;
        this.code = fn.code;
    }

    Operand lower(TestOperation operation) {
        return switch (operation) {
            case TestOperation.Expect expect -> {
                Value condition = fn.expressions.value(expect.condition());
                fn.at(expect.span());
                yield nothing(
                        HostService.EXPECT, condition, check(expect.condition().span()));
            }
            case TestOperation.Run run -> new Operand.Scalar(run(run));
            case TestOperation.MakePacket packet -> new Operand.Scalar(packet(packet));
            case TestOperation.CutPacket cut -> {
                Value packet = fn.expressions.value(cut.packet());
                Value length = fn.expressions.wide(cut.length());
                fn.at(cut.span());
                yield new Operand.Scalar(call(HostService.CUT, Int.I64, packet, length));
            }
            case TestOperation.PacketAt at -> new Operand.Scalar(at(at));
            case TestOperation.PacketLength length ->
                new Operand.Scalar(call(HostService.LENGTH, Int.I32, fn.expressions.value(length.packet())));
            case TestOperation.ContextValue _ ->
                throw new IllegalArgumentException("a context is an input of run only");
            case TestOperation.UserMemory memory -> new Operand.Scalar(userMemory(memory));
            case TestOperation.SetClock clock -> nothing(HostService.CLOCK, fn.expressions.wide(clock.time()));
            case TestOperation.Output _ -> new Operand.Scalar(call(HostService.OUTPUT, Int.I64));
            case TestOperation.TextEquals equals -> new Operand.Scalar(equals(equals));
            case TestOperation.SetKey set ->
                nothing(
                        HostService.SET_KEY,
                        key(set.key().linkName()),
                        code.resize(fn.expressions.value(set.value()), Int.I64));
            case TestOperation.Reload _ -> nothing(HostService.RELOAD);
            case TestOperation.MapLength length ->
                new Operand.Scalar(call(HostService.ENTRIES, Int.I32, fn.maps.map(length.map())));
            case TestOperation.EventCount count ->
                new Operand.Scalar(call(HostService.EVENTS, Int.I32, fn.maps.map(count.map())));
            case TestOperation.NextEvent next -> new Operand.Scalar(next(next));
            case TestOperation.TextOf text -> {
                Type type = text.bytes().type();
                Address at = fn.inMemory(fn.expressions.lower(text.bytes()), type, "text");
                fn.at(text.span());
                yield new Operand.Scalar(call(
                        HostService.TEXT, Int.I64, fn.memory.pointer(at), code.constant(Int.I64, Shape.size(type))));
            }
            case TestOperation.CountCode count ->
                new Operand.Scalar(call(counting(count.count()), Int.I32, fn.calls.reference(count.function())));
            case TestOperation.CountSites sites ->
                new Operand.Scalar(
                        call(HostService.SITES, Int.I32, key(sites.key().linkName())));
        };
    }

    private static HostService counting(TestOperation.CodeCount count) {
        return switch (count) {
            case TABLES -> HostService.TABLES;
            case GOTOX -> HostService.GOTOX;
            case CALLX -> HostService.CALLX;
            case NOPS -> HostService.NOPS;
        };
    }

    private Value call(HostService service, dev.turnout.ir.model.Type type, Value... operands) {
        return code.emit(new Operation.CallHost(service.word(), List.of(operands), type));
    }

    private Operand nothing(HostService service, Value... operands) {
        call(service, NOTHING, operands);
        return Operand.Nothing.NOTHING;
    }

    private Value check(Span span) {
        return code.constant(Int.I32, fn.object.check(span));
    }

    private Value key(String name) {
        return code.constant(Int.I32, fn.object.keyNumber(name));
    }

    /** Where a {@code ?} without a value goes. */
    Label failure(Span span) {
        return fn.detour(() -> {
            nothing(HostService.FAIL, check(span));
            code.returns();
        });
    }

    private Value run(TestOperation.Run run) {
        Value program = fn.calls.reference(run.program());
        Value result;
        Type type = run.input().type();
        if (run.input() instanceof TestOperation.ContextValue context) {
            result = run(program, run, context, ((Type.Context) type).view());
        } else if (type instanceof StructType || type instanceof Type.Ref) {
            Type struct = type instanceof Type.Ref(Type to, boolean _) ? to : type;
            Value bytes = type instanceof Type.Ref
                    ? fn.expressions.value(run.input())
                    : fn.memory.pointer(fn.inMemory(fn.expressions.lower(run.input()), type, "context"));
            fn.at(run.span());
            Value size = code.constant(Int.I64, Shape.size(struct));
            result = call(HostService.RUN_CONTEXT, Int.I32, program, bytes, size, code.constant(Int.I64, 0));
        } else {
            Value packet = fn.expressions.value(run.input());
            fn.at(run.span());
            result = call(HostService.RUN, Int.I32, program, packet);
        }
        return code.resize(result, Shape.integer(run.type()));
    }

    private Value run(Value program, TestOperation.Run run, TestOperation.ContextValue context, ContextView view) {
        int behind = view.arguments() == ContextView.Arguments.OF_SYSTEM_CALL ? ContextLayout.PT_REGS.size() : 0;
        // A record may be as long as its tracepoint makes it; the rest of the longest is zeros.
        int size = Math.min(view.layout().size(), MOST_BYTES);
        Value bytes = context(context, size, size + behind);
        if (context.packet() == null) {
            fn.at(run.span());
            Value all = code.constant(Int.I64, size + behind);
            return call(HostService.RUN_CONTEXT, Int.I32, program, bytes, all, code.constant(Int.I64, behind));
        }
        Value packet = fn.expressions.value(context.packet());
        fn.at(run.span());
        return call(HostService.RUN_BOTH, Int.I32, program, packet, bytes, code.constant(Int.I64, size));
    }

    private Value context(TestOperation.ContextValue context, int size, int all) {
        Address at = Address.of(code.slot(Math.max(all, 8), 8, "context"));
        fn.copies.zero(all, at);
        for (TestOperation.ContextInit init : context.fields()) {
            ContextView.Slot slot = init.slot();
            Value value = code.resize(fn.expressions.value(init.value()), new Int(slot.bytes() * 8));
            fn.memory.storeScalar(at.plus(slot.offset() + (init.ofRegisters() ? size : 0)), value);
        }
        return fn.memory.pointer(at);
    }

    private Value userMemory(TestOperation.UserMemory memory) {
        Type type = memory.value().type();
        Address at = fn.inMemory(fn.expressions.lower(memory.value()), type, "user");
        fn.at(memory.span());
        Value size = code.constant(Int.I64, Shape.size(type));
        return call(HostService.USER_MEMORY, Int.I64, fn.memory.pointer(at), size);
    }

    private Value packet(TestOperation.MakePacket make) {
        Value packet = call(HostService.PACKET, Int.I64);
        for (TypedExpr part : make.parts()) {
            Address at = fn.inMemory(fn.expressions.lower(part), part.type(), "part");
            fn.at(part.span());
            Value size = code.constant(Int.I64, Shape.size(part.type()));
            call(HostService.APPEND, NOTHING, packet, fn.memory.pointer(at), size);
        }
        return packet;
    }

    /** {@code p.at(H, off)}: a pointer, or null. */
    Value at(TestOperation.PacketAt at) {
        Value packet = fn.places.read(at.packet()).value();
        Value offset = fn.expressions.wide(at.offset());
        fn.at(at.span());
        return call(
                HostService.BYTES_AT,
                dev.turnout.ir.model.Type.ptr(Region.PACKET),
                packet,
                offset,
                code.constant(Int.I64, Shape.size(at.header())));
    }

    /** {@code m.next(T)}: a pointer to a copy, or null. */
    Value next(TestOperation.NextEvent next) {
        fn.at(next.span());
        return call(
                HostService.NEXT_EVENT,
                dev.turnout.ir.model.Type.ptr(Region.MAP_VALUE),
                fn.maps.map(next.map()),
                code.constant(Int.I64, Shape.size(next.record())),
                check(next.span()));
    }

    private Value equals(TestOperation.TextEquals equals) {
        Value text = fn.expressions.value(equals.text());
        fn.at(equals.span());
        Value literal = code.emit(new Operation.Address(Region.GLOBAL, fn.object.text(equals.literal())));
        Value same = call(
                HostService.TEXT_EQUALS,
                Int.I1,
                text,
                literal,
                code.constant(Int.I64, equals.literal().size()));
        return equals.negated()
                ? code.compare(dev.turnout.ir.model.CompareOp.EQ, same, code.constant(Int.I1, 0))
                : same;
    }
}
