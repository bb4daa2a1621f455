package dev.turnout.ir.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.ConvertOp;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.UnaryOp;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Soundness by sampling: a result of numbers in the operands lies in the result of the operands. */
class IntervalArithmeticTest {
    private static final List<Type.Int> TYPES =
            List.of(Type.Int.I1, Type.Int.I8, Type.Int.I16, Type.Int.I32, Type.Int.I64);

    private final Random random = new Random(7);

    private long number(Type.Int type) {
        long edge = List.of(0L, 1L, -1L, -2L, 1L << (type.bits() - 1), (1L << (type.bits() - 1)) - 1, 7L, 8L, 64L)
                .get(random.nextInt(9));
        long any = random.nextLong() >>> random.nextInt(64);
        return type.truncate(random.nextBoolean() ? edge : any);
    }

    private Interval interval(Type.Int type) {
        Interval found = Interval.of(type, number(type));
        for (int i = random.nextInt(4); i > 0; i--) {
            found = found.join(Interval.of(type, number(type)));
        }
        return found;
    }

    private long member(Interval of) {
        for (int i = 0; i < 20; i++) {
            long value = of.type().truncate(of.low() + (random.nextLong() >>> random.nextInt(64)));
            if (of.contains(value)) {
                return value;
            }
        }
        return of.contains(of.low())
                ? of.low()
                : of.contains(of.high()) ? of.high() : of.type().truncate(of.signedLow());
    }

    @ParameterizedTest
    @EnumSource
    void binaryOperationsAreSound(BinaryOp op) {
        for (int round = 0; round < 20_000; round++) {
            Type.Int type = TYPES.get(random.nextInt(5));
            Interval a = interval(type);
            Interval b = interval(type);
            long x = member(a);
            long y = member(b);
            if (a.contains(x) && b.contains(y)) {
                assertThat(IntervalArithmetic.apply(op, a, b).contains(op.apply(type, x, y)))
                        .as("%s %s: %s, %s contains %s, %s", op, type, a, b, x, y)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void comparisonsAreSound(CompareOp op) {
        for (int round = 0; round < 20_000; round++) {
            Type.Int type = TYPES.get(random.nextInt(5));
            Interval a = interval(type);
            Interval b = interval(type);
            long x = member(a);
            long y = member(b);
            if (a.contains(x) && b.contains(y)) {
                boolean holds = op.test(type, x, y);
                assertThat(IntervalArithmetic.decide(op, a, b).orElse(holds))
                        .as("%s: %s, %s contains %s, %s", op, a, b, x, y)
                        .isEqualTo(holds);
                assertThat(!holds || IntervalArithmetic.refine(op, a, b).contains(x))
                        .as("refining %s: %s, %s contains %s, %s", op, a, b, x, y)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void conversionsAreSound(ConvertOp op) {
        for (int round = 0; round < 20_000; round++) {
            int i = random.nextInt(4);
            Type.Int narrow = TYPES.get(i);
            Type.Int wide = TYPES.get(i + 1 + random.nextInt(4 - i));
            Type.Int from = op == ConvertOp.TRUNC ? wide : narrow;
            Type.Int to = op == ConvertOp.TRUNC ? narrow : wide;
            Interval a = interval(from);
            long x = member(a);
            if (a.contains(x)) {
                assertThat(IntervalArithmetic.apply(op, a, to).contains(op.apply(from, to, x)))
                        .as("%s %s to %s: %s contains %s", op, from, to, a, x)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void unaryOperationsAreSound(UnaryOp op) {
        for (int round = 0; round < 20_000; round++) {
            Type.Int type = TYPES.get(2 + random.nextInt(3));
            Interval a = interval(type);
            long x = member(a);
            if (a.contains(x)) {
                assertThat(IntervalArithmetic.apply(op, a).contains(op.apply(type, x)))
                        .as("%s %s: %s contains %s", op, type, a, x)
                        .isTrue();
            }
        }
    }

    @Test
    void joinAndMeetAreBounds() {
        for (int round = 0; round < 20_000; round++) {
            Type.Int type = TYPES.get(random.nextInt(5));
            Interval a = interval(type);
            Interval b = interval(type);
            long x = number(type);
            assertThat(a.join(b).contains(x) || !(a.contains(x) || b.contains(x)))
                    .isTrue();
            assertThat(a.meet(b).contains(x) || !(a.contains(x) && b.contains(x)))
                    .isTrue();
            assertThat(!a.join(b).contains(x)
                            || a.widen(a.join(b), new long[] {3, 100}).contains(x))
                    .isTrue();
        }
    }
}
