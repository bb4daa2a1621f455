package dev.turnout.frontend.lower;

import dev.turnout.frontend.type.Field;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Place;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.program.ContextField;

/** Places: found once, then read, written or referred to. */
final class Places {
    private final FunctionLowering fn;
    private final FunctionBuilder code;

    Places(FunctionLowering fn) {
        this.fn = fn;
        this.code = fn.code;
    }

    /** A place whose address, if it has one, is computed. */
    sealed interface Located {
        record Cell(Address at, Type type) implements Located {}

        /** Less than whole bytes of the header at {@code header}. */
        record Bits(Address header, Field field) implements Located {}

        record OfContext(Value context, ContextField field, Type type) implements Located {}

        /** A value that is not in memory. */
        record Held(Operand operand) implements Located {}
    }

    /** Finds a place: everything in it is evaluated. */
    Located locate(Place place) {
        fn.at(place.span());
        return switch (place) {
            case Place.Variable variable -> {
                Operand local = fn.local(variable.local());
                yield local instanceof Operand.InMemory(Address at)
                        ? new Located.Cell(at, variable.type())
                        : new Located.Held(local);
            }
            case Place.GlobalVariable variable -> global(variable.global().linkName(), variable.type());
            case Place.Configuration config -> global(config.config().linkName(), config.type());
            case Place.ConstantData data -> global(fn.object.constantData(data.constant()), data.type());
            case Place.TableRows rows -> global(fn.object.table(rows.table(), fn.packets), rows.type());
            case Place.Deref deref ->
                new Located.Cell(Address.of(fn.expressions.value(deref.reference())), deref.type());
            case Place.FieldOf field -> field(field);
            case Place.Element element -> new Located.Cell(element(element), element.type());
            case Place.MapSlot slot -> new Located.Cell(Address.of(fn.maps.slot(slot)), slot.type());
            case Place.ContextSlot slot -> context(slot);
            case Place.Temporary temporary -> {
                Operand operand = fn.expressions.lower(temporary.value());
                yield operand instanceof Operand.InMemory(Address at)
                        ? new Located.Cell(at, temporary.type())
                        : new Located.Held(operand);
            }
        };
    }

    private Located global(String name, Type type) {
        return new Located.Cell(Address.of(code.emit(new Operation.Address(Region.GLOBAL, name))), type);
    }

    private Located field(Place.FieldOf place) {
        if (KernelReads.reaches(place)) {
            return new Located.Cell(fn.kernel.copy(place), place.type());
        }
        Address base = address(place.base());
        Field field = place.field();
        return field.isBitField()
                ? new Located.Bits(base, field)
                : new Located.Cell(base.plus(field.offset()), field.type());
    }

    private Located context(Place.ContextSlot place) {
        Value context = fn.expressions.value(place.context());
        return new Located.OfContext(context, place.field(), place.type());
    }

    private Address element(Place.Element place) {
        Address base = address(place.base());
        Type.Array array = (Type.Array) place.base().type();
        long step = Shape.size(array.element());
        if (place.index() instanceof TypedExpr.Value constant && place.proven()) {
            return base.plus(Shape.integer(constant.type()).truncate(number(constant)) * step);
        }
        Value index = fn.expressions.wide(place.index());
        fn.at(place.span());
        if (!place.proven()) {
            int site = fn.object.site(ProofSite.Kind.INDEX, place.index().span(), array.count());
            code.emit(new Operation.Prove(index, array.count(), site));
        }
        return element(base, index, step);
    }

    private static long number(TypedExpr.Value constant) {
        return ((dev.turnout.frontend.type.Constant.Number) constant.value()).bits();
    }

    private Address element(Address base, Value index, long step) {
        Value moved = code.emit(new Operation.Offset(base.base(), fn.expressions.times(index, step)));
        // The index may be any number: what is left of the alignment is that of the step.
        int align = (int) Math.min(base.align(), Long.lowestOneBit(step == 0 ? 8 : step));
        return new Address(moved, base.offset(), align);
    }

    /** {@code a.get(i)}: the element, or to {@code absent} if there is none. */
    Operand elementOr(TypedExpr.ElementOrNull get, dev.turnout.ir.model.Label absent) {
        Address base = address(get.array());
        Type.Array array = (Type.Array) get.array().type();
        Value index = fn.expressions.wide(get.index());
        fn.at(get.span());
        fn.require(code.compare(CompareOp.ULT, index, code.constant(Int.I64, array.count())), absent);
        return fn.memory.load(array.element(), element(base, index, Shape.size(array.element())));
    }

    /** The address of a place that has one. */
    Address address(Place place) {
        return switch (locate(place)) {
            case Located.Cell cell -> cell.at();
            case Located.Held(Operand operand) -> fn.inMemory(operand, place.type(), "tmp");
            case Located.Bits _, Located.OfContext _ ->
                throw new IllegalArgumentException("nothing can refer to " + place);
        };
    }

    /** The value of a place; of what lives in memory the place itself. */
    Operand read(Place place) {
        Located located = locate(place);
        fn.at(place.span());
        return read(located);
    }

    Operand read(Located located) {
        return switch (located) {
            case Located.Cell cell -> fn.memory.load(cell.type(), cell.at());
            case Located.Bits bits -> new Operand.Scalar(fn.bitFields.load(bits.header(), bits.field()));
            case Located.OfContext field -> new Operand.Scalar(read(field));
            case Located.Held held -> held.operand();
        };
    }

    private Value read(Located.OfContext place) {
        ContextField field = place.field();
        Int width = new Int(field.bytes() * 8);
        Value whole = code.emit(new Operation.LoadContext(width, place.context(), field.offset(), field.bytes()));
        dev.turnout.ir.model.Type type = Shape.scalar(place.type());
        if (type.equals(Int.I1)) {
            return fn.memory.isNotZero(whole);
        }
        return code.resize(whole, (Int) type);
    }

    /** Stores into a place. */
    void write(Located located, Operand operand) {
        switch (located) {
            case Located.Cell cell -> fn.memory.store(cell.type(), cell.at(), operand);
            case Located.Bits bits -> fn.bitFields.store(bits.header(), bits.field(), operand.value());
            case Located.OfContext place -> {
                Value value = code.resize(operand.value(), new Int(place.field().bytes() * 8));
                code.store(place.context(), place.field().offset(), value);
            }
            case Located.Held _ -> throw new IllegalArgumentException("nothing can be stored there");
        }
    }
}
