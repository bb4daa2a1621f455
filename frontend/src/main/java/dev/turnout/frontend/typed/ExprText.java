package dev.turnout.frontend.typed;

import dev.turnout.frontend.type.StructType;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.Terminator.Hint;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Expressions and places as text. Operators stand between their operands in parentheses, by the words of the IR. */
final class ExprText {
    private final Function<TypedBlock, String> blocks;

    /**
     * @param blocks the text of a block inside an expression
     */
    ExprText(Function<TypedBlock, String> blocks) {
        this.blocks = blocks;
    }

    static String hint(Hint hint) {
        return hint == Hint.NONE ? "" : " " + hint.name().toLowerCase(Locale.ROOT);
    }

    /** The first line of a switch. */
    static String head(TypedSwitch body, String operand) {
        return demand(body) + choice(body, operand) + " {";
    }

    static String choice(TypedSwitch body, String operand) {
        return "switch (" + operand + ")" + (body.exhaustive() ? " exhaustive" : "");
    }

    static String demand(TypedSwitch body) {
        return switch (body.demand()) {
            case AUTO -> "";
            case JUMP_TABLE ->
                body.maxEntries() == 0 ? "@jump_table " : "@jump_table(max = " + body.maxEntries() + ") ";
            case TREE -> "@tree ";
        };
    }

    static String patterns(TypedSwitch.Arm arm) {
        StringBuilder out = new StringBuilder();
        for (TypedSwitch.Range range : arm.ranges()) {
            out.append(out.isEmpty() ? "" : ", ").append(Long.toUnsignedString(range.low()));
            if (range.low() != range.high()) {
                out.append("..=").append(Long.toUnsignedString(range.high()));
            }
        }
        return arm.isElse() ? "else" : out.toString();
    }

    static String quoted(String text) {
        return quoted(ByteString.copyOf(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    static String quoted(ByteString bytes) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < bytes.size(); i++) {
            int c = bytes.at(i) & 0xff;
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                case '"', '\\' -> out.append('\\').append((char) c);
                default -> {
                    if (c >= ' ' && c < 127) {
                        out.append((char) c);
                    } else {
                        out.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    String list(List<TypedExpr> exprs) {
        StringBuilder out = new StringBuilder();
        for (TypedExpr expr : exprs) {
            out.append(out.isEmpty() ? "" : ", ").append(of(expr));
        }
        return out.toString();
    }

    String of(MapOperand map) {
        return switch (map) {
            case Symbol.MapSymbol one -> one.linkName();
            case MapOperand.Inner one -> "(*" + of(one.reference()) + ")";
        };
    }

    String of(Place place) {
        return switch (place) {
            case Place.Variable one -> one.local().name();
            case Place.GlobalVariable one -> one.global().linkName();
            case Place.Configuration one -> one.config().linkName();
            case Place.ConstantData one -> one.constant().linkName();
            case Place.TableRows one -> one.table().linkName();
            case Place.Deref one -> "(*" + of(one.reference()) + ")";
            case Place.FieldOf one -> of(one.base()) + "." + one.field().name();
            case Place.Element one -> of(one.base()) + "[" + of(one.index()) + (one.proven() ? "]" : " unproven]");
            case Place.MapSlot one -> of(one.map()) + "[" + of(one.key()) + " present]";
            case Place.ContextSlot one -> of(one.context()) + "." + one.field().name();
            case Place.Temporary one -> of(one.value());
        };
    }

    String of(TypedExpr expr) {
        return switch (expr) {
            case TypedExpr.Core core -> core(core);
            case Builtin builtin -> builtin(builtin);
            case RingOperation operation -> ring(operation);
            case TestOperation operation -> operation(operation);
        };
    }

    private String core(TypedExpr.Core expr) {
        return switch (expr) {
            case TypedExpr.Value one -> ConstantText.of(one.type(), one.value());
            case TypedExpr.Load one -> of(one.place());
            case TypedExpr.AddressOf one -> "&" + of(one.place());
            case TypedExpr.FunctionValue one -> one.function().linkName();
            case TypedExpr.Unary one -> one.op().word() + "(" + of(one.operand()) + ")";
            case TypedExpr.Binary one -> "(" + of(one.left()) + " " + one.op().word() + " " + of(one.right()) + ")";
            case TypedExpr.Compare one ->
                "(" + of(one.left()) + " " + one.op().name().toLowerCase(Locale.ROOT) + " " + of(one.right()) + ")";
            case TypedExpr.NullTest one -> "(" + of(one.operand()) + (one.isNull() ? " is null)" : " is not null)");
            case TypedExpr.Not one -> "!" + of(one.operand());
            case TypedExpr.Logical one -> "(" + of(one.left()) + (one.and() ? " && " : " || ") + of(one.right()) + ")";
            case TypedExpr.Convert one ->
                one.conversion().name().toLowerCase(Locale.ROOT) + "<" + one.type() + ">(" + of(one.operand()) + ")";
            case TypedExpr.Call one -> one.function().linkName() + "(" + list(one.arguments()) + ")";
            case TypedExpr.IndirectCall one -> "(" + of(one.callee()) + ")(" + list(one.arguments()) + ")";
            case TypedExpr.If one -> {
                String condition = switch (one.condition()) {
                    case Condition.Test test -> of(test.value());
                    case Condition.Binding binding -> "let " + binding.local().name() + " = " + of(binding.nullable());
                };
                yield "(if (" + condition + ") " + of(one.then()) + " else " + of(one.otherwise()) + ")";
            }
            case TypedExpr.SwitchValue one -> switchValue(one.body());
            case TypedExpr.StructValue one -> {
                StringBuilder out = new StringBuilder(one.type().name()).append('{');
                for (int i = 0; i < one.fields().size(); i++) {
                    out.append(i == 0 ? " " : ", ")
                            .append(one.type().fields().get(i).name())
                            .append(" = ")
                            .append(of(one.fields().get(i)));
                }
                yield out.append(" }").toString();
            }
            case TypedExpr.ArrayValue one -> "[" + list(one.elements()) + "]";
            case TypedExpr.ArrayRepeat one ->
                "[" + of(one.element()) + "; " + one.type().count() + "]";
            case TypedExpr.Try one -> {
                String leave = switch (one.leave()) {
                    case TypedExpr.Leave.FailsTest _ -> "fail";
                    case TypedExpr.Leave.Returns back -> {
                        TypedExpr value = back.value();
                        yield value == null ? "return" : "return " + of(value);
                    }
                };
                yield of(one.operand()) + "?[" + leave + "]";
            }
            case TypedExpr.OrElse one -> "(" + of(one.operand()) + " orelse " + of(one.otherwise()) + ")";
            case TypedExpr.EnumFrom one -> one.type().of() + ".from(" + of(one.operand()) + ")";
            case TypedExpr.ElementOrNull one -> of(one.array()) + ".get(" + of(one.index()) + ")";
            case TypedExpr.SliceOf one -> "slice(" + of(one.array()) + ", " + one.length() + ")";
            case TypedExpr.SliceElement one -> of(one.slice()) + "[" + of(one.index()) + "]";
            case TypedExpr.SliceLength one -> "len(" + of(one.slice()) + ")";
        };
    }

    private String switchValue(TypedSwitch body) {
        StringBuilder out = new StringBuilder("(").append(head(body, of(body.operand())));
        for (TypedSwitch.Arm arm : body.arms()) {
            TypedExpr value = arm.value();
            out.append(' ').append(patterns(arm)).append(" => ");
            if (!arm.body().statements().isEmpty()) {
                out.append(blocks.apply(arm.body()));
                out.append(value == null ? "" : " ");
            }
            out.append(value == null ? "" : of(value)).append(',');
        }
        return out.append(" })").toString();
    }

    private String builtin(Builtin expr) {
        return switch (expr) {
            case Builtin.ContextCursor one -> of(one.context()) + ".cursor()";
            case Builtin.ContextLoad one ->
                of(one.context()) + ".load(" + of(one.offset()) + ", " + of(one.buffer()) + ")";
            case Builtin.SystemCallArgument one -> of(one.context()) + ".register(" + one.offset() + ")";
            case Builtin.ContextCall one ->
                "bpf_" + one.helper().word() + "(" + of(one.context())
                        + (one.arguments().isEmpty() ? ")" : ", " + list(one.arguments()) + ")");
            case Builtin.CursorTake one ->
                of(one.cursor()) + (one.advances() ? ".take(" : ".peek(")
                        + one.header().name() + ")";
            case Builtin.CursorSkip one -> of(one.cursor()) + ".skip(" + of(one.count()) + ")";
            case Builtin.CursorLoad one -> of(one.cursor()) + ".u" + one.bits() + "_at(" + of(one.offset()) + ")";
            case Builtin.CursorRest one -> of(one.cursor()) + ".rest()";
            case Builtin.MapLookup one -> of(one.map()) + "[" + of(one.key()) + "]";
            case Builtin.MapInsert one ->
                of(one.map()) + ".insert(" + of(one.key()) + ", " + of(one.value()) + ", " + one.flags() + ")";
            case Builtin.MapDelete one -> of(one.map()) + ".delete(" + of(one.key()) + ")";
            case Builtin.MapPush one ->
                of(one.map()) + ".push(" + of(one.value()) + (one.flags() == 0 ? ")" : ", " + one.flags() + ")");
            case Builtin.MapPop one -> of(one.map()) + (one.removes() ? ".pop()" : ".peek()");
            case Builtin.MapHas one -> of(one.map()) + ".has(" + of(one.value()) + ")";
            case Builtin.MapEach one ->
                of(one.map()) + ".each(" + one.function().linkName() + ", " + of(one.state()) + ")";
            case Builtin.RedirectMap one ->
                "redirect(" + of(one.map()) + ", " + of(one.index()) + ", " + of(one.fallback()) + ")";
            case Builtin.NumberCall one ->
                one.operation().name().toLowerCase(Locale.ROOT) + "(" + list(one.arguments()) + ")";
            case Builtin.Atomic one ->
                "atomic::" + one.op().word() + "(" + of(one.target())
                        + (one.operands().isEmpty() ? "" : ", " + list(one.operands())) + ")";
            case Builtin.HelperCall one -> "bpf_" + one.helper().word() + "(" + list(one.arguments()) + ")";
            case Builtin.KernelCall one -> one.function().name() + "(" + list(one.arguments()) + ")";
            case Builtin.CurrentComm _ -> "current::comm()";
            case Builtin.Print one -> print(one);
            case Builtin.JenkinsHash one -> "hash::jhash(" + of(one.target()) + ", " + of(one.seed()) + ")";
            case Builtin.ChecksumSum one -> "csum::sum(" + of(one.target()) + ")";
        };
    }

    private String ring(RingOperation expr) {
        return switch (expr) {
            case RingOperation.Reserve one -> {
                StringBuilder zeroed = new StringBuilder();
                if (!one.unwritten().everything() && one.record() instanceof StructType struct) {
                    struct.fields().stream()
                            .filter(field -> one.unwritten().hasField(field.index()))
                            .forEach(field ->
                                    zeroed.append(zeroed.isEmpty() ? "" : ", ").append(field.name()));
                } else if (one.unwritten().hasRest()) {
                    zeroed.append("everything");
                }
                yield of(one.map()) + ".reserve(" + one.record() + (zeroed.isEmpty() ? "" : " zeroed " + zeroed) + ")";
            }
            case RingOperation.Release one -> (one.submits() ? "submit(" : "discard(") + of(one.record()) + ")";
            case RingOperation.Output one -> of(one.map()) + ".output(" + of(one.data()) + ")";
        };
    }

    private String print(Builtin.Print print) {
        StringBuilder format = new StringBuilder();
        StringBuilder arguments = new StringBuilder();
        for (Builtin.PrintPart part : print.parts()) {
            switch (part) {
                case Builtin.PrintPart.Literal literal ->
                    format.append(literal.text().replace("{", "{{").replace("}", "}}"));
                case Builtin.PrintPart.Argument argument -> {
                    format.append(
                            switch (argument.form()) {
                                case PLAIN -> "{}";
                                case HEX -> "{x}";
                                case IP -> "{ip}";
                                case MAC -> "{mac}";
                            });
                    arguments.append(", ").append(of(argument.value()));
                }
            }
        }
        return "print(" + quoted(format.toString()) + arguments + ")";
    }

    private String operation(TestOperation expr) {
        return switch (expr) {
            case TestOperation.Expect one -> "expect(" + of(one.condition()) + ")";
            case TestOperation.Run one -> "run(" + one.program().linkName() + ", " + of(one.input()) + ")";
            case TestOperation.MakePacket one -> "packet(" + list(one.parts()) + ")";
            case TestOperation.CutPacket one -> of(one.packet()) + ".cut(" + of(one.length()) + ")";
            case TestOperation.PacketAt one ->
                of(one.packet()) + ".at(" + one.header().name() + ", " + of(one.offset()) + ")";
            case TestOperation.PacketLength one -> of(one.packet()) + ".len()";
            case TestOperation.ContextValue one -> {
                StringBuilder out = new StringBuilder(one.type().toString()).append('{');
                for (TestOperation.ContextInit field : one.fields()) {
                    out.append(out.charAt(out.length() - 1) == '{' ? " " : ", ")
                            .append(field.slot().name())
                            .append(" = ")
                            .append(of(field.value()));
                }
                if (one.packet() != null) {
                    out.append(one.fields().isEmpty() ? " " : ", ")
                            .append("packet = ")
                            .append(of(one.packet()));
                }
                yield out.append(" }").toString();
            }
            case TestOperation.UserMemory one -> "user(" + of(one.value()) + ")";
            case TestOperation.SetClock one -> "clock(" + of(one.time()) + ")";
            case TestOperation.Output _ -> "output()";
            case TestOperation.TextEquals one ->
                "(" + of(one.text()) + (one.negated() ? " != " : " == ") + quoted(one.literal()) + ")";
            case TestOperation.SetKey one -> "set(" + one.key().linkName() + ", " + of(one.value()) + ")";
            case TestOperation.Reload _ -> "reload()";
            case TestOperation.MapLength one -> of(one.map()) + ".len()";
            case TestOperation.EventCount one -> of(one.map()) + ".count()";
            case TestOperation.NextEvent one -> of(one.map()) + ".next(" + one.record() + ")";
            case TestOperation.TextOf one -> "str(" + of(one.bytes()) + ")";
            case TestOperation.CountCode one ->
                one.count().name().toLowerCase(Locale.ROOT) + "("
                        + one.function().linkName() + ")";
            case TestOperation.CountSites one -> "sites(" + one.key().linkName() + ")";
        };
    }
}
