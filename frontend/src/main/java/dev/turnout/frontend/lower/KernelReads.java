package dev.turnout.frontend.lower;

import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.type.Field;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Place;
import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Type.Int;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Fields of the kernel's structs. Where a field lies is a number that a loader puts in ("compile once, run everywhere"); what lies there is
 * copied by a helper that gives zeros where nothing can be read, so that a null pointer on the way reads as zero.
 */
final class KernelReads {
    private final FunctionLowering fn;
    private final FunctionBuilder code;

    KernelReads(FunctionLowering fn) {
        this.fn = fn;
        this.code = fn.code;
    }

    /** Whether a place is a field of a struct of the kernel. */
    static boolean reaches(Place.FieldOf field) {
        return field.base().type() instanceof StructType struct && struct.isKernel();
    }

    /** The address of a struct or field, as a number that a helper takes. */
    Value address(Place place) {
        List<Field> path = new ArrayList<>();
        Place at = place;
        while (at instanceof Place.FieldOf field) {
            path.addFirst(field.field());
            at = field.base();
        }
        if (!(at instanceof Place.Deref deref) || !(deref.type() instanceof StructType root)) {
            throw new IllegalArgumentException(place + " does not lie in the kernel");
        }
        Value base = fn.expressions.value(deref.reference());
        if (path.isEmpty()) {
            return base;
        }
        fn.at(place.span());
        Value offset = code.emit(new Operation.Address(Region.KERNEL, fn.object.kernelField(root, path)));
        return code.emit(new Operation.Offset(offset, base));
    }

    /** {@code &p.part}: the address as the number that a reference into the kernel is. */
    Value number(Place place) {
        Value address = address(place);
        if (address.type() instanceof Int) {
            return address;
        }
        Value nowhere = code.emit(new Operation.Null(dev.turnout.ir.model.Type.ptr(Region.KERNEL)));
        return code.emit(new Operation.Difference(address, nowhere));
    }

    /** A copy of a field. */
    Address copy(Place.FieldOf field) {
        Value from = address(field);
        Type type = field.type();
        Address at = fn.slot(type, field.field().name());
        read(from, type, at, field.span());
        return at;
    }

    private void read(Value from, Type type, Address at, Span span) {
        fn.at(span);
        code.emit(Calls.callOf(
                "probe_read_kernel",
                List.of(fn.memory.pointer(at), code.constant(Int.I64, Shape.size(type)), from),
                Int.I64));
    }
}
