package dev.turnout.bpf.codegen;

import dev.turnout.ir.build.FunctionBuilder;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.UnaryOp;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/** Makes functions of four i64 that compute something with every operation, in branches, switches and bounded loops. */
final class RandomFunction {
    private static final Type.Int[] TYPES = {Type.Int.I8, Type.Int.I16, Type.Int.I32, Type.Int.I64, Type.Int.I32};

    private static final List<CompareOp> COMPARES = List.of(CompareOp.values());
    private static final List<BinaryOp> BINARIES = List.of(BinaryOp.values());
    private static final List<UnaryOp> UNARIES = List.of(UnaryOp.values());

    private final Random random;
    private final FunctionBuilder to;
    private final Value memory;
    private int budget;

    private RandomFunction(Random random, String name, int budget) {
        this.random = random;
        this.budget = budget;
        this.to = FunctionBuilder.subprogram(name, Type.Int.I64);
        this.memory = to.slot(64, 8, "memory");
    }

    static Function make(long seed, int budget) {
        RandomFunction made = new RandomFunction(new Random(seed), "f", budget);
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            values.add(made.to.parameter(Type.Int.I64));
        }
        for (int i = 0; i < 64; i += 8) {
            made.to.store(made.memory, i, values.get(i / 8 % 4));
        }
        made.statements(values, 0);
        Value all = made.to.constant(Type.Int.I64, 0x9e3779b97f4a7c15L);
        for (Value value : values) {
            Value wide = value.type() instanceof Type.Int type && type.bits() < 64
                    ? made.to.resize(value, Type.Int.I64)
                    : value;
            Value multiplied = made.to.binary(BinaryOp.MUL, all, made.to.constant(Type.Int.I64, 31));
            all = made.to.binary(BinaryOp.ADD, multiplied, wide);
        }
        made.to.returns(all);
        return made.to.build();
    }

    private void statements(List<Value> values, int depth) {
        int count = 2 + random.nextInt(10);
        for (int i = 0; i < count && budget > 0; i++) {
            budget--;
            int kind = random.nextInt(12);
            if (depth < 3 && kind == 0) {
                choice(values, depth);
            } else if (depth < 3 && kind == 1) {
                loop(values, depth);
            } else if (depth < 3 && kind == 2) {
                ways(values, depth);
            } else {
                values.add(value(values));
                if (values.size() > 14) {
                    values.remove(random.nextInt(values.size()));
                }
            }
        }
    }

    private Value any(List<Value> values) {
        return values.get(random.nextInt(values.size()));
    }

    private Value of(List<Value> values, Type.Int type) {
        if (random.nextInt(4) == 0) {
            return to.constant(type, constant());
        }
        return to.resize(any(values), type, random.nextBoolean() ? ConvertOp.ZEXT : ConvertOp.SEXT);
    }

    private long constant() {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt(16);
            case 1 -> -random.nextInt(16);
            case 2 -> 1L << random.nextInt(64);
            case 3 -> random.nextInt();
            case 4 -> random.nextLong();
            default -> random.nextInt(1 << 16);
        };
    }

    private Type.Int type() {
        return TYPES[random.nextInt(TYPES.length)];
    }

    private Value compare(List<Value> values) {
        Type.Int type = type();
        CompareOp op = COMPARES.get(random.nextInt(COMPARES.size()));
        Value a = of(values, type);
        if (random.nextInt(3) == 0) {
            Value bits = to.binary(BinaryOp.AND, a, of(values, type));
            return to.compare(random.nextBoolean() ? CompareOp.EQ : CompareOp.NE, bits, to.constant(type, 0));
        }
        return to.compare(op, a, of(values, type));
    }

    private Value value(List<Value> values) {
        Type.Int type = type();
        return switch (random.nextInt(10)) {
            case 0 -> {
                UnaryOp op = UNARIES.get(random.nextInt(UNARIES.size()));
                Value a = of(values, op == UnaryOp.BSWAP && type.bits() == 8 ? Type.Int.I16 : type);
                yield to.unary(op, a);
            }
            case 1 -> to.emit(new Operation.Select(compare(values), of(values, type), of(values, type)));
            case 2 -> to.resize(compare(values), type);
            case 3 -> {
                int offset = random.nextInt(64 / type.bytes()) * type.bytes();
                to.emit(new Operation.Store(memory, offset, of(values, type), order(type)));
                yield to.constant(type, random.nextInt());
            }
            case 4 -> {
                int offset = random.nextInt(64 / type.bytes()) * type.bytes();
                yield to.emit(new Operation.Load(type, memory, offset, order(type)));
            }
            case 5 -> {
                Value index = to.binary(
                        BinaryOp.AND, of(values, Type.Int.I64), to.constant(Type.Int.I64, 63 & -type.bytes()));
                Value at = to.emit(new Operation.Offset(memory, index));
                if (random.nextBoolean()) {
                    to.emit(new Operation.Store(at, 0, of(values, type), order(type)));
                }
                yield to.emit(new Operation.Load(type, at, 0, order(type)));
            }
            case 6 -> to.emit(new Operation.Opaque(of(values, type)));
            default -> {
                BinaryOp op = BINARIES.get(random.nextInt(BINARIES.size()));
                yield to.binary(op, of(values, type), of(values, type));
            }
        };
    }

    private ByteOrder order(Type.Int type) {
        return type.bits() > 8 && random.nextBoolean() ? ByteOrder.BIG : ByteOrder.LITTLE;
    }

    private Type[] types(List<Value> values) {
        Type[] types = new Type[values.size()];
        for (int i = 0; i < types.length; i++) {
            types[i] = values.get(i).type();
        }
        return types;
    }

    /** Values of an arm in the types that the join expects. */
    private Value[] fitted(List<Value> arm, Type[] types) {
        Value[] all = new Value[types.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = to.resize(arm.get(random.nextInt(arm.size())), (Type.Int) types[i]);
        }
        return all;
    }

    private void replace(List<Value> values, Label join) {
        for (int i = 0; i < values.size(); i++) {
            values.set(i, to.parameter(join, i));
        }
    }

    private void choice(List<Value> values, int depth) {
        Label then = to.newBlock();
        Label otherwise = to.newBlock();
        Type[] types = types(values);
        Label join = to.newBlock(types);
        to.branch(compare(values), then, otherwise);
        for (Label arm : List.of(then, otherwise)) {
            to.switchTo(arm);
            List<Value> inner = new ArrayList<>(values);
            if (arm.equals(then) || random.nextBoolean()) {
                statements(inner, depth + 1);
            }
            to.jump(join, fitted(inner, types));
        }
        to.switchTo(join);
        replace(values, join);
    }

    private void loop(List<Value> values, int depth) {
        Type[] types = types(values);
        Type[] withCounter = new Type[types.length + 1];
        System.arraycopy(types, 0, withCounter, 0, types.length);
        withCounter[types.length] = Type.Int.I32;
        Label head = to.newBlock(withCounter);
        Label body = to.newBlock();
        Label out = to.newBlock();
        Value[] start = new Value[withCounter.length];
        for (int i = 0; i < types.length; i++) {
            start[i] = values.get(i);
        }
        start[types.length] = to.constant(Type.Int.I32, 0);
        to.jump(head, start);
        to.switchTo(head);
        replace(values, head);
        Value counter = to.parameter(head, types.length);
        to.branch(to.compare(CompareOp.ULT, counter, to.constant(Type.Int.I32, 1 + random.nextInt(5))), body, out);
        to.switchTo(body);
        List<Value> inner = new ArrayList<>(values);
        inner.add(counter);
        statements(inner, depth + 1);
        Value[] again = new Value[withCounter.length];
        System.arraycopy(fitted(inner, types), 0, again, 0, types.length);
        again[types.length] = to.binary(BinaryOp.ADD, counter, to.constant(Type.Int.I32, 1));
        to.jump(head, again);
        to.switchTo(out);
    }

    private void ways(List<Value> values, int depth) {
        Type.Int type = type();
        Value on = of(values, type);
        if (random.nextBoolean()) {
            on = to.binary(BinaryOp.AND, on, to.constant(type, 15));
        }
        Type[] types = types(values);
        Label join = to.newBlock(types);
        int arms = 1 + random.nextInt(9);
        boolean dense = random.nextBoolean();
        TreeMap<Long, Label> starts = new TreeMap<>(Long::compareUnsigned);
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < arms; i++) {
            Label label = labels.isEmpty() || random.nextInt(3) > 0
                    ? to.newBlock()
                    : labels.get(random.nextInt(labels.size()));
            labels.add(label);
            starts.put(type.truncate(dense ? i : constant()), label);
        }
        Label otherwise = to.newBlock();
        List<Terminator.Case> cases = new ArrayList<>();
        starts.forEach((low, label) -> {
            Long next = starts.higherKey(low);
            long high = next == null || random.nextBoolean() ? low : next - 1;
            cases.add(new Terminator.Case(low, high, Target.to(label)));
        });
        to.terminate(new Terminator.Switch(on, cases, Target.to(otherwise), false, Terminator.Demand.AUTO, 0));
        for (Label label : new java.util.LinkedHashSet<>(starts.values())) {
            to.switchTo(label);
            List<Value> inner = new ArrayList<>(values);
            statements(inner, depth + 1);
            to.jump(join, fitted(inner, types));
        }
        to.switchTo(otherwise);
        to.jump(join, fitted(values, types));
        to.switchTo(join);
        replace(values, join);
    }
}
