package dev.turnout.frontend.typed;

import java.util.function.Consumer;

/**
 * What an expression or a place is made of, in the order in which it is evaluated. Parts that are evaluated in some cases only are left to
 * the caller: the second operand of {@code &&}, {@code ||} and {@code orelse}, the branches of {@code if} and the arms of {@code switch}.
 */
public final class Parts {
    private final Consumer<TypedExpr> exprs;
    private final Consumer<Place> places;

    /** @param places those that are read, stepped or referred to */
    public Parts(Consumer<TypedExpr> exprs, Consumer<Place> places) {
        this.exprs = exprs;
        this.places = places;
    }

    public void of(TypedExpr expr) {
        switch (expr) {
            case TypedExpr.Core core -> ofCore(core);
            case Builtin builtin -> ofBuiltin(builtin);
            case RingOperation operation -> ofRing(operation);
            case TestOperation operation -> ofTest(operation);
        }
    }

    private void ofCore(TypedExpr.Core expr) {
        switch (expr) {
            case TypedExpr.Value _, TypedExpr.FunctionValue _ -> {}
            case TypedExpr.If _, TypedExpr.SwitchValue _ -> {}
            case TypedExpr.Load one -> places.accept(one.place());
            case TypedExpr.AddressOf one -> places.accept(one.place());
            case TypedExpr.Unary one -> exprs.accept(one.operand());
            case TypedExpr.Binary one -> both(one.left(), one.right());
            case TypedExpr.Compare one -> both(one.left(), one.right());
            case TypedExpr.NullTest one -> exprs.accept(one.operand());
            case TypedExpr.Not one -> exprs.accept(one.operand());
            case TypedExpr.Logical one -> exprs.accept(one.left());
            case TypedExpr.Convert one -> exprs.accept(one.operand());
            case TypedExpr.Call one -> one.arguments().forEach(exprs);
            case TypedExpr.IndirectCall one -> {
                exprs.accept(one.callee());
                one.arguments().forEach(exprs);
            }
            case TypedExpr.StructValue one ->
                one.order().forEach(index -> exprs.accept(one.fields().get(index)));
            case TypedExpr.ArrayValue one -> one.elements().forEach(exprs);
            case TypedExpr.ArrayRepeat one -> exprs.accept(one.element());
            case TypedExpr.Try one -> exprs.accept(one.operand());
            case TypedExpr.OrElse one -> exprs.accept(one.operand());
            case TypedExpr.EnumFrom one -> exprs.accept(one.operand());
            case TypedExpr.ElementOrNull one -> {
                places.accept(one.array());
                exprs.accept(one.index());
            }
            case TypedExpr.SliceOf one -> exprs.accept(one.array());
            case TypedExpr.SliceElement one -> both(one.slice(), one.index());
            case TypedExpr.SliceLength one -> exprs.accept(one.slice());
        }
    }

    private void ofBuiltin(Builtin expr) {
        switch (expr) {
            case Builtin.ContextCursor one -> exprs.accept(one.context());
            case Builtin.ContextLoad one -> {
                exprs.accept(one.context());
                both(one.offset(), one.buffer());
            }
            case Builtin.ContextCall one -> {
                exprs.accept(one.context());
                one.arguments().forEach(exprs);
            }
            case Builtin.SystemCallArgument one -> exprs.accept(one.context());
            case Builtin.CursorTake one -> places.accept(one.cursor());
            case Builtin.CursorSkip one -> {
                places.accept(one.cursor());
                exprs.accept(one.count());
            }
            case Builtin.CursorLoad one -> {
                places.accept(one.cursor());
                exprs.accept(one.offset());
            }
            case Builtin.CursorRest one -> places.accept(one.cursor());
            case Builtin.MapLookup one -> {
                map(one.map());
                exprs.accept(one.key());
            }
            case Builtin.MapInsert one -> {
                map(one.map());
                both(one.key(), one.value());
            }
            case Builtin.MapDelete one -> {
                map(one.map());
                exprs.accept(one.key());
            }
            case Builtin.MapPush one -> {
                map(one.map());
                exprs.accept(one.value());
            }
            case Builtin.MapPop one -> map(one.map());
            case Builtin.MapHas one -> {
                map(one.map());
                exprs.accept(one.value());
            }
            case Builtin.MapEach one -> {
                map(one.map());
                exprs.accept(one.state());
            }
            case Builtin.RedirectMap one -> both(one.index(), one.fallback());
            case Builtin.NumberCall one -> one.arguments().forEach(exprs);
            case Builtin.Atomic one -> {
                exprs.accept(one.target());
                one.operands().forEach(exprs);
            }
            case Builtin.HelperCall one -> one.arguments().forEach(exprs);
            case Builtin.KernelCall one -> one.arguments().forEach(exprs);
            case Builtin.CurrentComm _ -> {}
            case Builtin.Print one ->
                one.parts().forEach(part -> {
                    if (part instanceof Builtin.PrintPart.Argument argument) {
                        exprs.accept(argument.value());
                    }
                });
            case Builtin.JenkinsHash one -> both(one.target(), one.seed());
            case Builtin.ChecksumSum one -> exprs.accept(one.target());
        }
    }

    private void ofRing(RingOperation expr) {
        switch (expr) {
            case RingOperation.Reserve one -> map(one.map());
            case RingOperation.Release one -> exprs.accept(one.record());
            case RingOperation.Output one -> {
                map(one.map());
                exprs.accept(one.data());
            }
        }
    }

    private void ofTest(TestOperation expr) {
        switch (expr) {
            case TestOperation.Expect one -> exprs.accept(one.condition());
            case TestOperation.Run one -> exprs.accept(one.input());
            case TestOperation.MakePacket one -> one.parts().forEach(exprs);
            case TestOperation.CutPacket one -> both(one.packet(), one.length());
            case TestOperation.PacketAt one -> {
                places.accept(one.packet());
                exprs.accept(one.offset());
            }
            case TestOperation.PacketLength one -> exprs.accept(one.packet());
            case TestOperation.ContextValue one -> {
                one.fields().forEach(field -> exprs.accept(field.value()));
                TypedExpr packet = one.packet();
                if (packet != null) {
                    exprs.accept(packet);
                }
            }
            case TestOperation.UserMemory one -> exprs.accept(one.value());
            case TestOperation.SetClock one -> exprs.accept(one.time());
            case TestOperation.TextEquals one -> exprs.accept(one.text());
            case TestOperation.SetKey one -> exprs.accept(one.value());
            case TestOperation.MapLength one -> map(one.map());
            case TestOperation.EventCount one -> map(one.map());
            case TestOperation.NextEvent one -> map(one.map());
            case TestOperation.TextOf one -> exprs.accept(one.bytes());
            case TestOperation.Output _,
                    TestOperation.Reload _,
                    TestOperation.CountCode _,
                    TestOperation.CountSites _ -> {}
        }
    }

    /** What is evaluated to find a place. */
    public void of(Place place) {
        switch (place) {
            case Place.Variable _,
                    Place.GlobalVariable _,
                    Place.Configuration _,
                    Place.ConstantData _,
                    Place.TableRows _ -> {}
            case Place.Deref one -> exprs.accept(one.reference());
            case Place.FieldOf one -> places.accept(one.base());
            case Place.Element one -> {
                places.accept(one.base());
                exprs.accept(one.index());
            }
            case Place.MapSlot one -> {
                map(one.map());
                exprs.accept(one.key());
            }
            case Place.ContextSlot one -> exprs.accept(one.context());
            case Place.Temporary one -> exprs.accept(one.value());
        }
    }

    /** What is evaluated to find a map. */
    public void map(MapOperand map) {
        if (map instanceof MapOperand.Inner inner) {
            exprs.accept(inner.reference());
        }
    }

    private void both(TypedExpr one, TypedExpr other) {
        exprs.accept(one);
        exprs.accept(other);
    }
}
