package dev.turnout.frontend.typed;

import dev.turnout.frontend.type.EnumType;
import dev.turnout.frontend.type.Field;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A typed program as text: {@code --emit typed}. Close to the source, with what the checker added: types of names,
 * offsets of fields, conversions, folded constants, patterns as ranges. Names are the object's. It is read by people and
 * compared by tests, not parsed.
 */
public final class TypedText {
    private final StringBuilder out = new StringBuilder();
    private final ExprText exprs = new ExprText(this::nested);
    private int depth;

    private TypedText() {}

    /** The whole program. */
    public static String of(TypedProgram program) {
        TypedText text = new TypedText();
        text.program(program);
        return text.out.toString();
    }

    private void program(TypedProgram program) {
        line("program " + program.name()
                + (program.license().isEmpty() ? "" : " license " + ExprText.quoted(program.license())));
        program.enums().forEach(this::enumeration);
        program.structs().forEach(this::struct);
        for (Symbol.Named one : program.constants()) {
            line("const " + one.linkName() + ": " + one.type() + " = " + ConstantText.of(one.type(), one.value()));
        }
        for (Symbol.Config one : program.configs()) {
            line("config " + one.linkName() + ": " + one.type() + " = " + ConstantText.of(one.type(), one.initial()));
        }
        for (Symbol.Global one : program.globals()) {
            line("var " + one.linkName() + ": " + one.type() + " = " + ConstantText.of(one.type(), one.initial()));
        }
        for (Symbol.MapSymbol one : program.maps()) {
            line("map " + one.linkName() + ": " + one.type() + (one.flags() == 0 ? "" : " flags " + one.flags())
                    + (one.pinned() ? " pinned" : ""));
            for (Symbol.ProgramRow row : one.programs()) {
                line("    " + row.index() + " => " + row.program().linkName());
            }
            for (Symbol.InnerRow row : one.maps()) {
                line("    " + row.index() + " => " + row.map().linkName());
            }
        }
        for (Symbol.Key one : program.keys()) {
            line("key " + one.linkName() + ": " + one.type() + " = " + ConstantText.number(one.type(), one.initial())
                    + (one.pinned() ? " pinned" : ""));
        }
        program.tables().forEach(this::table);
        program.functions().forEach(this::function);
        for (TypedTest test : program.tests()) {
            out.append('\n');
            block("test " + ExprText.quoted(test.title()), test.body(), "");
        }
    }

    private void enumeration(EnumType type) {
        StringBuilder text = new StringBuilder(type.open() ? "open enum " : "enum ");
        text.append(type.name()).append(": ").append(type.underlying()).append(" {");
        for (int i = 0; i < type.members().size(); i++) {
            EnumType.Member member = type.members().get(i);
            text.append(i == 0 ? " " : ", ").append(member.name()).append(" = ").append(member.value());
        }
        line(text.append(" }").toString());
    }

    private void struct(StructType type) {
        line((type.isHeader() ? "header " : type.isKernel() ? "kernel struct " : "struct ") + type.name() + " size "
                + type.size() + " align " + type.align() + " {");
        depth++;
        for (Field field : type.fields()) {
            String bits = field.isBitField() ? " bits " + field.bitOffset() + "+" + field.bitSize() : "";
            line("@" + field.offset() + bits + " " + field.name() + ": " + field.type());
        }
        depth--;
        line("}");
    }

    private void table(Symbol.Table table) {
        line((table.callx() ? "@callx " : "") + (table.mutable() ? "mutable table " : "table ") + table.linkName()
                + ": " + table.type() + " {");
        depth++;
        for (int i = 0; i < table.rows().size(); i++) {
            Symbol.FunctionSymbol row = table.rows().get(i);
            line(i + " => " + (row == null ? "null" : row.linkName()) + ",");
        }
        for (Symbol.FunctionSymbol candidate : table.candidates()) {
            if (!table.rows().contains(candidate)) {
                line("// or " + candidate.linkName());
            }
        }
        depth--;
        line("}");
    }

    private void function(TypedFunction function) {
        out.append('\n');
        Symbol.FunctionSymbol symbol = function.symbol();
        StringBuilder head = new StringBuilder();
        switch (symbol.kind()) {
            case Symbol.FunctionKind.Plain _ -> head.append("fn ");
            case Symbol.FunctionKind.Program kind ->
                head.append("prog ").append(ExprText.quoted(kind.elfSection())).append(' ');
        }
        head.append(symbol.linkName()).append('(');
        for (int i = 0; i < symbol.parameters().size(); i++) {
            Symbol.Local parameter = symbol.parameters().get(i);
            head.append(i == 0 ? "" : ", ")
                    .append(parameter.name())
                    .append(": ")
                    .append(parameter.type());
        }
        head.append(')');
        if (!(symbol.result() instanceof Type.Void)) {
            head.append(" -> ").append(symbol.result());
        }
        var fails = symbol.fails();
        if (fails != null) {
            head.append(" fails ").append(ConstantText.of(symbol.result(), fails));
        }
        block(head.toString(), function.body(), "");
    }

    // ---- statements ----

    private void line(String text) {
        out.append("    ".repeat(depth)).append(text).append('\n');
    }

    /** {@code head { … }tail}. */
    private void block(String head, TypedBlock block, String tail) {
        line(head.isEmpty() ? "{" : head + " {");
        statements(block);
        line("}" + tail);
    }

    private void statements(TypedBlock block) {
        depth++;
        block.statements().forEach(this::statement);
        depth--;
    }

    /** A block inside an expression, indented as where it stands. */
    private String nested(TypedBlock block) {
        int from = out.length();
        out.append("{\n");
        statements(block);
        out.append("    ".repeat(depth)).append('}');
        String text = out.substring(from);
        out.setLength(from);
        return text;
    }

    private String define(Symbol.Local local) {
        String word = local.mutable() ? "var " : "let ";
        return word + local.name() + ": " + local.type();
    }

    private String condition(Condition condition) {
        return switch (condition) {
            case Condition.Test test -> "(" + exprs.of(test.value()) + ")";
            case Condition.Binding binding ->
                "(" + define(binding.local()) + " = " + exprs.of(binding.nullable()) + ")";
        };
    }

    private static String label(Loop loop) {
        return loop.label() == null ? "" : loop.label() + ": ";
    }

    private static String limit(long limit) {
        return limit == TypedStmt.NO_LIMIT ? "" : " limit " + limit;
    }

    private void loop(String head, TypedBlock body, @Nullable TypedBlock exhausted) {
        line(head + " {");
        statements(body);
        if (exhausted != null) {
            line("} exhausted {");
            statements(exhausted);
        }
        line("}");
    }

    private void choice(String head, TypedBlock then, TypedBlock otherwise) {
        line(head + " {");
        statements(then);
        if (!otherwise.statements().isEmpty()) {
            line("} else {");
            statements(otherwise);
        }
        line("}");
    }

    private void statement(TypedStmt statement) {
        switch (statement) {
            case TypedStmt.Define one -> line(define(one.local()) + " = " + exprs.of(one.value()) + ";");
            case TypedStmt.DefineOrElse one ->
                block(define(one.local()) + " = " + exprs.of(one.nullable()) + " else", one.otherwise(), "");
            case TypedStmt.Assign one -> line(exprs.of(one.target()) + " = " + exprs.of(one.value()) + ";");
            case TypedStmt.Update one ->
                line(exprs.of(one.target()) + " " + one.op().word() + "= " + exprs.of(one.value()) + ";");
            case TypedStmt.MapStore one ->
                line(exprs.of(one.map()) + "[" + exprs.of(one.key()) + "] = " + exprs.of(one.value()) + ";");
            case TypedStmt.Evaluate one -> line(exprs.of(one.value()) + ";");
            case TypedStmt.If one ->
                choice(
                        "if" + ExprText.hint(one.hint()) + " " + condition(one.condition()),
                        one.then(),
                        one.otherwise());
            case TypedStmt.While one ->
                loop(
                        label(one.loop()) + "while " + condition(one.condition()) + limit(one.limit()),
                        one.body(),
                        one.exhausted());
            case TypedStmt.For one ->
                loop(
                        label(one.loop()) + "for (" + one.variable().name() + ": "
                                + one.variable().type() + " in " + exprs.of(one.from()) + ".." + exprs.of(one.to())
                                + ")" + limit(one.limit()),
                        one.body(),
                        one.exhausted());
            case TypedStmt.Switch one -> {
                line(ExprText.head(one.body(), exprs.of(one.body().operand())));
                arms(one.body().arms());
            }
            case TypedStmt.Labelled one -> {
                line(ExprText.demand(one.body()) + (one.shared() ? "@shared " : "") + label(one.label())
                        + ExprText.choice(one.body(), exprs.of(one.body().operand())) + limit(one.limit()) + " {");
                arms(one.body().arms());
                TypedBlock exhausted = one.exhausted();
                if (exhausted != null) {
                    block("exhausted", exhausted, "");
                }
            }
            case TypedStmt.Redispatch one ->
                line("continue :" + one.label().label() + " " + exprs.of(one.value()) + ";"
                        + (one.counted() ? " // counted" : ""));
            case TypedStmt.StaticBranch one ->
                choice(
                        (one.patched() ? "@patched " : "") + "static_branch" + ExprText.hint(one.hint()) + " ("
                                + one.key().linkName() + ")",
                        one.then(),
                        one.otherwise());
            case TypedStmt.StaticSwitch one -> {
                line((one.patched() ? "@patched " : "") + "static_switch ("
                        + one.key().linkName() + ") {");
                arms(one.arms());
            }
            case TypedStmt.Return one -> {
                TypedExpr value = one.value();
                line(value == null ? "return;" : "return " + exprs.of(value) + ";");
            }
            case TypedStmt.Tail one ->
                block(
                        "tail " + one.table().linkName() + "[" + exprs.of(one.index()) + "](" + exprs.of(one.context())
                                + ") else",
                        one.otherwise(),
                        "");
            case TypedStmt.Defer one -> line("defer " + exprs.of(one.call()) + ";");
            case TypedStmt.Lock one -> block("lock (" + exprs.of(one.guard()) + ")", one.body(), "");
            case TypedStmt.Break one -> line(jump("break", one.loop()));
            case TypedStmt.Continue one -> line(jump("continue", one.loop()));
            case TypedStmt.Block one -> block("", one.body(), "");
        }
    }

    private static String jump(String word, Loop loop) {
        return loop.label() == null ? word + ";" : word + " :" + loop.label() + ";";
    }

    private void arms(List<TypedSwitch.Arm> arms) {
        depth++;
        for (TypedSwitch.Arm arm : arms) {
            block(ExprText.patterns(arm) + " =>", arm.body(), arm.fallsThrough() ? " fallthrough" : "");
        }
        depth--;
        line("}");
    }
}
