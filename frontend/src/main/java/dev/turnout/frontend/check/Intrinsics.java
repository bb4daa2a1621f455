package dev.turnout.frontend.check;

import static dev.turnout.diagnostics.diagnostic.Diagnostic.at;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.source.Span;
import dev.turnout.frontend.ast.Expr;
import dev.turnout.frontend.type.Constant;
import dev.turnout.frontend.type.Field;
import dev.turnout.frontend.type.StructType;
import dev.turnout.frontend.type.Type;
import dev.turnout.frontend.typed.Builtin;
import dev.turnout.frontend.typed.Builtin.NumberOperation;
import dev.turnout.frontend.typed.TypedExpr;
import dev.turnout.frontend.typed.TypedExpr.Conversion;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.stdlib.helper.HelperFunction;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The functions of the language itself that programs may call. */
final class Intrinsics {
    private final Body body;

    Intrinsics(Body body) {
        this.body = body;
    }

    Operand call(String name, Expr.Call call, @Nullable Type expected) {
        if (Universe.TEST_FUNCTIONS.contains(name)) {
            return new TestFunctions(body).call(name, call);
        }
        if (name.startsWith("atomic::")) {
            return new Atomics(body).call(name.substring("atomic::".length()), call);
        }
        return switch (name) {
            case "min", "max" -> extreme(name, call, expected);
            case "popcount" -> count(NumberOperation.POPCOUNT, call);
            case "clz" -> count(NumberOperation.CLZ, call);
            case "ctz" -> count(NumberOperation.CTZ, call);
            case "bswap" -> swap(call, expected);
            case "rotl" -> rotate(call, expected);
            case "sizeof" -> size(call);
            case "offsetof" -> offset(call);
            case "len" -> length(call);
            case "comptime" -> comptime(call, expected);
            case "print" -> new Prints(body).print(call);
            case "read_user", "read_user_str", "read_kernel", "read_kernel_str" ->
                new ForeignReads(body).call(name, Objects.requireNonNull(ForeignReads.HELPERS.get(name)), call);
            case "redirect" -> new Redirects(body).call(call);
            case "submit", "discard" -> new RingMaps(body).release(name, call);
            case "random" -> helper(HelperFunction.GET_PRANDOM_U32, name, call, Type.Int.U32);
            case "time::ktime" -> helper(HelperFunction.KTIME_GET_NS, name, call, Type.Int.U64);
            case "time::jiffies" -> helper(HelperFunction.JIFFIES64, name, call, Type.Int.U64);
            case "time::coarse" -> helper(HelperFunction.KTIME_GET_COARSE_NS, name, call, Type.Int.U64);
            case "time::tai" -> helper(HelperFunction.KTIME_GET_TAI_NS, name, call, Type.Int.U64);
            case "time::boot" -> helper(HelperFunction.KTIME_GET_BOOT_NS, name, call, Type.Int.U64);
            case "current::cpu" -> helper(HelperFunction.GET_SMP_PROCESSOR_ID, name, call, Type.Int.U32);
            case "current::pid_tgid" -> helper(HelperFunction.GET_CURRENT_PID_TGID, name, call, Type.Int.U64);
            case "current::numa_node" -> helper(HelperFunction.GET_NUMA_NODE_ID, name, call, Type.Int.U32);
            case "current::cgroup_id" -> helper(HelperFunction.GET_CURRENT_CGROUP_ID, name, call, Type.Int.U64);
            case "current::uid_gid" -> helper(HelperFunction.GET_CURRENT_UID_GID, name, call, Type.Int.U64);
            case "current::tgid" -> half(HelperFunction.GET_CURRENT_PID_TGID, name, call, true);
            case "current::pid" -> half(HelperFunction.GET_CURRENT_PID_TGID, name, call, false);
            case "current::gid" -> half(HelperFunction.GET_CURRENT_UID_GID, name, call, true);
            case "current::uid" -> half(HelperFunction.GET_CURRENT_UID_GID, name, call, false);
            case "current::task" -> new KernelObjects(body).task(call);
            case "current::comm" -> comm(call);
            case "hash::jhash" -> jhash(call);
            case "csum::sum" -> sum(call, false);
            case "csum::ok" -> sum(call, true);
            default -> throw new IllegalStateException("no built-in function " + name);
        };
    }

    /** Whether a call has this many arguments; reports if not. */
    boolean arguments(String name, Expr.Call call, int wanted) {
        if (call.arguments().size() == wanted) {
            return true;
        }
        body.report(
                call.span(),
                DiagnosticCode.E0314,
                "`" + name + "` takes " + Calls.count(wanted) + ", and "
                        + call.arguments().size() + (call.arguments().size() == 1 ? " is" : " are") + " given");
        body.expressions().calls().checkArguments(call);
        return false;
    }

    /**
     * The arguments of what is declared outside of the language, each of its parameter's type.
     *
     * @return poisoned where that was reported; empty if there are more or fewer than parameters, which was reported
     */
    Optional<List<TypedExpr>> arguments(String name, Expr.Call call, List<? extends Type> parameters) {
        if (!arguments(name, call, parameters.size())) {
            return Optional.empty();
        }
        List<TypedExpr> arguments = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            arguments.add(body.value(
                    call.arguments().get(i), parameters.get(i), "argument " + (i + 1) + " of `" + name + "`"));
        }
        return Optional.of(arguments);
    }

    static boolean anyPoisoned(List<TypedExpr> arguments) {
        return arguments.stream().anyMatch(argument -> argument.type().poisoned());
    }

    private Operand extreme(String name, Expr.Call call, @Nullable Type expected) {
        Span span = call.span();
        if (!arguments(name, call, 2)) {
            return new Operand.Poison(span);
        }
        Operand left = body.expressions().check(call.arguments().get(0), expected);
        Operand right = body.expressions().check(call.arguments().get(1), expected);
        if (left instanceof Operand.Exact a && right instanceof Operand.Exact b) {
            BigInteger value =
                    name.equals("min") ? a.value().min(b.value()) : a.value().max(b.value());
            return new Operand.Exact(value, a.complement() || b.complement(), span);
        }
        Type type = body.expressions().operators().common(left, right, expected);
        if (type == null) {
            body.expressions().operators().reportNoCommonType(span, left, right, "the arguments of `" + name + "`");
            return new Operand.Poison(span);
        }
        TypedExpr a = body.coercions().to(left, type, "the first argument of `" + name + "`");
        TypedExpr b = body.coercions().to(right, type, "the second argument of `" + name + "`");
        if (a.type().poisoned() || b.type().poisoned()) {
            return new Operand.Poison(span);
        }
        if (!(type instanceof Type.Int number)) {
            body.report(span, DiagnosticCode.E0304, "`" + name + "` is for integers, not for `" + type + "`");
            return new Operand.Poison(span);
        }
        NumberOperation operation = name.equals("min") ? NumberOperation.MIN : NumberOperation.MAX;
        TypedExpr less = Folding.compare(number.signed() ? CompareOp.SLT : CompareOp.ULT, a, b, span);
        if (less instanceof TypedExpr.Value value && value.value() instanceof Constant.Number bit) {
            boolean first = bit.bits() != 0 == (operation == NumberOperation.MIN);
            return new Operand.Value(first ? a : b);
        }
        return new Operand.Value(new Builtin.NumberCall(operation, List.of(a, b), type, span));
    }

    /** An argument of an integer type; null if it is something else, which is reported. */
    private @Nullable TypedExpr integer(Expr written, String name, @Nullable Type expected) {
        Operand operand = body.expressions().check(written, expected);
        TypedExpr value = operand instanceof Operand.Exact && expected instanceof Type.Int
                ? body.coercions().to(operand, expected, "the argument of `" + name + "`")
                : body.coercions().natural(operand);
        if (value.type().poisoned()) {
            return null;
        }
        if (value.type() instanceof Type.Int) {
            return value;
        }
        body.report(
                written.span(),
                DiagnosticCode.E0301,
                "the argument of `" + name + "` is an integer, not " + Words.a(value.type()));
        return null;
    }

    private Operand count(NumberOperation operation, Expr.Call call) {
        String name = operation.name().toLowerCase(Locale.ROOT);
        if (!arguments(name, call, 1)) {
            return new Operand.Poison(call.span());
        }
        TypedExpr value = integer(call.arguments().getFirst(), name, null);
        return value == null
                ? new Operand.Poison(call.span())
                : number(operation, List.of(value), Type.Int.U32, call.span());
    }

    private Operand swap(Expr.Call call, @Nullable Type expected) {
        if (!arguments("bswap", call, 1)) {
            return new Operand.Poison(call.span());
        }
        TypedExpr value = integer(call.arguments().getFirst(), "bswap", expected);
        return value == null
                ? new Operand.Poison(call.span())
                : number(NumberOperation.BSWAP, List.of(value), value.type(), call.span());
    }

    private Operand rotate(Expr.Call call, @Nullable Type expected) {
        if (!arguments("rotl", call, 2)) {
            return new Operand.Poison(call.span());
        }
        TypedExpr value = integer(call.arguments().get(0), "rotl", expected);
        TypedExpr by = integer(call.arguments().get(1), "rotl", null);
        if (value == null || by == null || !(value.type() instanceof Type.Int type)) {
            return new Operand.Poison(call.span());
        }
        TypedExpr count = Conversions.resize(by, type, by.span());
        return number(NumberOperation.ROTL, List.of(value, count), type, call.span());
    }

    private static Operand number(NumberOperation operation, List<TypedExpr> arguments, Type type, Span span) {
        long[] bits = new long[arguments.size()];
        for (int i = 0; i < bits.length; i++) {
            if (!(arguments.get(i) instanceof TypedExpr.Value value)
                    || !(value.value() instanceof Constant.Number number)) {
                return new Operand.Value(new Builtin.NumberCall(operation, arguments, type, span));
            }
            bits[i] = number.bits();
        }
        long result = compute(operation, ((Type.Int) arguments.getFirst().type()), bits);
        return new Operand.Value(new TypedExpr.Value(new Constant.Number(result), type, span));
    }

    /** What an operation gives for numbers without bits above the width of {@code type}. */
    static long compute(NumberOperation operation, Type.Int type, long... operands) {
        int width = type.bits();
        dev.turnout.ir.model.Type.Int machine = new dev.turnout.ir.model.Type.Int(width);
        long a = operands[0];
        return switch (operation) {
            case POPCOUNT -> Long.bitCount(a);
            case CLZ -> Long.numberOfLeadingZeros(a) - (64 - width);
            case CTZ -> a == 0 ? width : Long.numberOfTrailingZeros(a);
            case BSWAP -> Long.reverseBytes(a) >>> (64 - width);
            case ROTL -> {
                int by = (int) (operands[1] & (width - 1));
                yield by == 0 ? a : machine.truncate(a << by) | (a >>> (width - by));
            }
            case MIN, MAX -> {
                boolean less = (type.signed() ? CompareOp.SLT : CompareOp.ULT).test(machine, a, operands[1]);
                yield less == (operation == NumberOperation.MIN) ? a : operands[1];
            }
        };
    }

    private Operand size(Expr.Call call) {
        if (!arguments("sizeof", call, 1)) {
            return new Operand.Poison(call.span());
        }
        Type type = typeArgument(call.arguments().getFirst(), "sizeof");
        return type == null
                ? new Operand.Poison(call.span())
                : new Operand.Exact(BigInteger.valueOf(type.size()), false, call.span());
    }

    private @Nullable Type typeArgument(Expr written, String name) {
        Operand operand = body.expressions().check(written, null);
        if (operand instanceof Operand.Named named && named.entity() instanceof Entity.TypeName type) {
            return type.type();
        }
        if (!(operand instanceof Operand.Poison)) {
            body.report(at(written.span(), DiagnosticCode.E0212, "`" + name + "` takes the name of a type")
                    .withHelp("give a type that has no name one with `alias`"));
        }
        return null;
    }

    private Operand offset(Expr.Call call) {
        if (!arguments("offsetof", call, 2)) {
            return new Operand.Poison(call.span());
        }
        Type type = typeArgument(call.arguments().get(0), "offsetof");
        if (type == null) {
            return new Operand.Poison(call.span());
        }
        if (type instanceof StructType struct
                && call.arguments().get(1) instanceof Expr.Ref ref
                && ref.path().isSimple()) {
            String name = ref.path().last().text();
            Optional<Field> field = struct.field(name);
            if (field.isPresent() && !field.get().isBitField()) {
                return new Operand.Exact(BigInteger.valueOf(field.get().offset()), false, call.span());
            }
            body.report(
                    ref.span(),
                    DiagnosticCode.E0209,
                    field.isPresent()
                            ? "`" + name + "` is a bit field, which begins inside a byte"
                            : "`" + struct + "` has no field `" + name + "`");
            return new Operand.Poison(call.span());
        }
        body.report(call.span(), DiagnosticCode.E0212, "`offsetof` takes a struct or header and the name of a field");
        return new Operand.Poison(call.span());
    }

    private Operand length(Expr.Call call) {
        if (!arguments("len", call, 1)) {
            return new Operand.Poison(call.span());
        }
        Operand operand = body.expressions().check(call.arguments().getFirst(), null);
        if (operand instanceof Operand.Text text) {
            return new Operand.Exact(BigInteger.valueOf(text.bytes().size()), false, call.span());
        }
        Type type = Coercions.typeOf(operand);
        Type of = type instanceof Type.Ref ref ? ref.to() : type;
        if (of instanceof Type.Array array) {
            return new Operand.Exact(BigInteger.valueOf(array.count()), false, call.span());
        }
        if (of instanceof Type.Slice) {
            return new Operand.Value(
                    new TypedExpr.SliceLength(body.coercions().natural(operand), Type.Int.U32, call.span()));
        }
        if (!(operand instanceof Operand.Poison)) {
            TypedExpr value = body.coercions().natural(operand);
            if (!value.type().poisoned()) {
                body.report(call.span(), DiagnosticCode.E0301, "`len` is for arrays, not for " + Words.a(value.type()));
            }
        }
        return new Operand.Poison(call.span());
    }

    /** {@code comptime(f)}: the array of {@code f(0)} to {@code f(N-1)}, evaluated while compiling. */
    private Operand comptime(Expr.Call call, @Nullable Type expected) {
        if (!arguments("comptime", call, 1)) {
            return new Operand.Poison(call.span());
        }
        if (!(expected instanceof Type.Array array)) {
            body.report(at(call.span(), DiagnosticCode.E0340, "nothing says how many values `comptime` is to make")
                    .withHelp("state the type: `const T: [256]u32 = comptime(f);`"));
            return new Operand.Poison(call.span());
        }
        Operand argument = body.expressions().check(call.arguments().getFirst(), null);
        if (!(argument instanceof Operand.Named named) || !(named.entity() instanceof Entity.Function function)) {
            if (!(argument instanceof Operand.Poison)) {
                body.report(
                        call.arguments().getFirst().span(),
                        DiagnosticCode.E0212,
                        "`comptime` takes the name of a function");
            }
            return new Operand.Poison(call.span());
        }
        var symbol = function.symbol();
        if (symbol.parameters().size() != 1
                || !(symbol.parameters().getFirst().type() instanceof Type.Int parameter)
                || !symbol.result().equals(array.element())) {
            body.report(at(
                            call.span(),
                            DiagnosticCode.E0340,
                            "`comptime` needs a function from an integer to `" + array.element() + "`")
                    .withLabel(symbol.declared(), "this is `" + symbol.type() + "`"));
            return new Operand.Poison(call.span());
        }
        if (array.count() > 65_536 || !Numbers.fits(BigInteger.valueOf(Math.max(0, array.count() - 1)), parameter)) {
            body.report(
                    call.span(),
                    DiagnosticCode.E0340,
                    array.count() > 65_536
                            ? "`comptime` makes at most 65536 values, not " + array.count()
                            : "the index " + (array.count() - 1) + " does not fit `" + parameter + "`");
            return new Operand.Poison(call.span());
        }
        List<TypedExpr> calls = new ArrayList<>();
        for (long i = 0; i < array.count(); i++) {
            TypedExpr index = new TypedExpr.Value(new Constant.Number(i), parameter, call.span());
            calls.add(new TypedExpr.Call(symbol, List.of(index), symbol.result(), call.span()));
        }
        body.uses().calls.add(new Uses.Call(symbol, call.span()));
        Constant constant = body.constants().of(new TypedExpr.ArrayValue(array, calls, call.span()));
        return constant == null
                ? new Operand.Poison(call.span())
                : new Operand.Value(new TypedExpr.Value(constant, array, call.span()));
    }

    private Operand helper(HelperFunction row, String name, Expr.Call call, Type type) {
        if (!arguments(name, call, 0)) {
            return new Operand.Poison(call.span());
        }
        return new Operand.Value(helperCall(row, name, call.span(), type));
    }

    private TypedExpr helperCall(HelperFunction row, String name, Span span, Type type) {
        body.uses().helpers.add(new Uses.HelperCalled(row, "`" + name + "`", span));
        return new Builtin.HelperCall(row, List.of(), type, span);
    }

    /** The high or low 32 bits of a helper's result. */
    private Operand half(HelperFunction row, String name, Expr.Call call, boolean high) {
        if (!arguments(name, call, 0)) {
            return new Operand.Poison(call.span());
        }
        TypedExpr whole = helperCall(row, name, call.span(), Type.Int.U64);
        if (high) {
            TypedExpr by = new TypedExpr.Value(new Constant.Number(32), Type.Int.U64, call.span());
            whole = Folding.binary(BinaryOp.LSHR, whole, by, Type.Int.U64, call.span());
        }
        return new Operand.Value(Folding.convert(Conversion.TRUNCATE, whole, Type.Int.U32, call.span()));
    }

    private Operand comm(Expr.Call call) {
        if (!arguments("current::comm", call, 0)) {
            return new Operand.Poison(call.span());
        }
        body.uses().helpers.add(new Uses.HelperCalled(HelperFunction.GET_CURRENT_COMM, "`current::comm`", call.span()));
        return new Operand.Value(new Builtin.CurrentComm(new Type.Array(Type.Int.U8, 16), call.span()));
    }

    /** A reference to plain memory; null if it is something else, which is reported. */
    @Nullable
    TypedExpr bytes(Expr written, String name) {
        TypedExpr value = body.expressions().natural(written);
        if (value.type().poisoned()) {
            return null;
        }
        if (value.type() instanceof Type.Ref ref
                && ref.to().size() > 0
                && !ref.to().holdsLock()
                && MemoryRules.whyNotShared(ref.to()) == null) {
            return value;
        }
        body.report(at(
                        written.span(),
                        DiagnosticCode.E0301,
                        "`" + name + "` reads the bytes that a reference refers to, and this is "
                                + Words.a(value.type()))
                .withHelp("pass `&x`"));
        return null;
    }

    private Operand jhash(Expr.Call call) {
        if (!arguments("hash::jhash", call, 2)) {
            return new Operand.Poison(call.span());
        }
        TypedExpr target = bytes(call.arguments().get(0), "hash::jhash");
        TypedExpr seed = body.value(call.arguments().get(1), Type.Int.U32, "the seed of `hash::jhash`");
        return target == null || seed.type().poisoned()
                ? new Operand.Poison(call.span())
                : new Operand.Value(new Builtin.JenkinsHash(target, seed, Type.Int.U32, call.span()));
    }

    /** {@code csum::sum(p)}, and {@code csum::ok(p)}: whether the sum over data with its checksum in it is all ones. */
    private Operand sum(Expr.Call call, boolean compare) {
        String name = compare ? "csum::ok" : "csum::sum";
        if (!arguments(name, call, 1)) {
            return new Operand.Poison(call.span());
        }
        TypedExpr target = bytes(call.arguments().getFirst(), name);
        if (target == null) {
            return new Operand.Poison(call.span());
        }
        TypedExpr sum = new Builtin.ChecksumSum(target, Type.Int.U16, call.span());
        if (!compare) {
            return new Operand.Value(sum);
        }
        TypedExpr ones = new TypedExpr.Value(new Constant.Number(0xffff), Type.Int.U16, call.span());
        return new Operand.Value(Folding.compare(CompareOp.EQ, sum, ones, call.span()));
    }
}
