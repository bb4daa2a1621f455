package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.TestOperation;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.stdlib.program.ContextView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code SkBuff{ packet = p, mark = 7, cb = [1, 2] }}: a context as the input of a test's {@code run}. An array is given whole; what
 * is left out of it is zero.
 */
final class ContextLiterals {
    private static final String PACKET = "packet";
    private static final String ARGUMENTS = "args";

    private final Body body;
    private final List<TestOperation.ContextInit> fields = new ArrayList<>();
    private @Nullable TypedExpr packet;

    ContextLiterals(Body body) {
        this.body = body;
    }

    Operand literal(ContextView view, Expr.StructLiteral written) {
        if (!body.isTest()) {
            body.report(at(written.span(), DiagnosticCode.E0327, "a context is made in a `test` only")
                    .withNote("a program gets its context from the kernel"));
            return new Operand.Poison(written.span());
        }
        Set<String> given = new HashSet<>();
        for (Expr.FieldInit init : written.fields()) {
            if (given.add(init.name().text())) {
                field(view, init);
            } else {
                body.report(
                        init.name().span(),
                        DiagnosticCode.E0202,
                        "the field `" + init.name().text() + "` is given twice");
            }
        }
        return new Operand.Value(
                new TestOperation.ContextValue(fields, packet, new Type.Context(view), written.span()));
    }

    private void field(ContextView view, Expr.FieldInit init) {
        String name = init.name().text();
        Optional<ContextView.Slot> slot = view.slot(name);
        boolean arguments = name.equals(ARGUMENTS) && view.argumentCount() > 0;
        if (slot.isPresent()) {
            set(slot.get(), false, init.value(), name);
        } else if (name.equals(PACKET) && Methods.hasPacket(view.layout())) {
            packet = body.value(init.value(), Type.Packet.PACKET, "the packet of a context");
        } else if (arguments || view.names().contains(name)) {
            array(view, arguments, init);
        } else {
            body.expressions().check(init.value(), null);
            List<String> names = new ArrayList<>(view.names());
            if (Methods.hasPacket(view.layout())) {
                names.add(PACKET);
            }
            Diagnostic diagnostic = at(
                    init.name().span(),
                    DiagnosticCode.E0209,
                    "`" + view.word() + "` has no field `" + name + "` to set");
            body.report(Compilation.suggest(diagnostic, name, names)
                    .withNote(names.isEmpty() ? "it has none" : "it has " + Compilation.quoted(names)));
        }
    }

    private void array(ContextView view, boolean arguments, Expr.FieldInit init) {
        String name = init.name().text();
        List<Expr> elements = elements(init.value());
        if (elements == null) {
            body.report(at(
                            init.value().span(),
                            DiagnosticCode.E0301,
                            "the array `" + name + "` of a context is given as a list")
                    .withHelp("write `" + name + " = [1, 2, 3]`; what is left out is zero"));
            return;
        }
        for (int i = 0; i < elements.size(); i++) {
            Optional<ContextView.Slot> slot = arguments
                    ? Optional.of(i).filter(n -> n < view.argumentCount()).map(view::argument)
                    : view.slot(name + "[" + i + "]");
            if (slot.isEmpty()) {
                body.report(elements.get(i).span(), DiagnosticCode.E0333, "`" + name + "` has no element " + i);
                return;
            }
            set(
                    slot.get(),
                    arguments && view.arguments() == ContextView.Arguments.OF_SYSTEM_CALL,
                    elements.get(i),
                    name + "[" + i + "]");
        }
    }

    private @Nullable List<Expr> elements(Expr written) {
        if (written instanceof Expr.ArrayLiteral literal) {
            return literal.elements();
        }
        if (written instanceof Expr.Repeat repeat) {
            var count = body.constantNumber(repeat.count(), "the length of an array");
            if (count != null && count.signum() >= 0 && count.bitLength() < 16) {
                return java.util.Collections.nCopies(count.intValue(), repeat.value());
            }
        }
        return null;
    }

    private void set(ContextView.Slot slot, boolean ofRegisters, Expr value, String name) {
        Type type = new Type.Int(slot.bytes() * 8, slot.signed());
        fields.add(
                new TestOperation.ContextInit(slot, ofRegisters, body.value(value, type, "the field `" + name + "`")));
    }
}
