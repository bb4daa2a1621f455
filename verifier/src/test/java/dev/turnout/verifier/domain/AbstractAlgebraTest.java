package dev.turnout.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.ConcreteAlgebra;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.SwapOp;
import dev.turnout.bpf.isa.Width;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

@SuppressWarnings({"ArrayRecordComponent", "EnumOrdinal"}) // Rows are drawn at random; the sets stay inside.
class AbstractAlgebraTest {
    private static final AbstractAlgebra ON = AbstractAlgebra.INSTANCE;
    /** Where ranges behave differently: around zero, and around the ends of both widths and both signs. */
    private static final long[] CENTRES = {0, 1L << 31, 1L << 32, -(1L << 31), Long.MIN_VALUE};

    private record Set(Num num, long[] members) {}

    /** Every interval and every tnum of a few numbers around a centre, each with all its members. */
    private static List<Set> around(long centre, int radius) {
        List<Set> all = new ArrayList<>();
        for (int low = -radius; low <= radius; low++) {
            for (int high = low; high <= radius; high++) {
                long[] members = new long[high - low + 1];
                for (int i = 0; i < members.length; i++) {
                    members[i] = centre + low + i;
                }
                Num num = Num.constant(members[0]);
                for (long member : members) {
                    num = num.join(Num.constant(member));
                }
                all.add(new Set(num, members));
            }
        }
        for (int mask = 1; mask < 8; mask++) {
            for (int value = 0; value < 8; value++) {
                if ((mask & value) == 0) {
                    Num num = Num.of(new Tnum((centre & ~7) | value, mask));
                    long[] members = new long[8];
                    int count = 0;
                    for (int sub = 0; sub < 8; sub++) {
                        if ((sub & ~mask) == 0) {
                            members[count++] = (centre & ~7) | value | sub;
                        }
                    }
                    all.add(new Set(num, java.util.Arrays.copyOf(members, count)));
                }
            }
        }
        return all;
    }

    private static Num random(Random random, long member) {
        Num num = Num.constant(member);
        for (int i = random.nextInt(4); i > 0; i--) {
            num = num.join(Num.constant(interesting(random)));
        }
        if (random.nextInt(3) == 0) {
            long mask = random.nextLong() & (random.nextLong() >>> random.nextInt(64));
            num = num.join(Num.of(new Tnum(member & ~mask, mask)));
        }
        if (random.nextInt(3) == 0) {
            long a = interesting(random);
            num = num.join(Num.signed(Math.min(a, member), Math.max(a, member)));
        }
        return num;
    }

    private static long interesting(Random random) {
        long base = CENTRES[random.nextInt(CENTRES.length)];
        return switch (random.nextInt(4)) {
            case 0 -> base + random.nextInt(-4, 5);
            case 1 -> random.nextInt(-64, 65);
            case 2 -> random.nextInt();
            default -> random.nextLong() >> random.nextInt(64);
        };
    }

    @Test
    void everyOperationOnSmallSetsHoldsEveryConcreteResult() {
        List<Set> left = new ArrayList<>();
        for (long centre : CENTRES) {
            left.addAll(around(centre, 2));
        }
        List<Set> right = around(0, 3);
        right.addAll(around(Long.MIN_VALUE, 1));
        for (AluOp op : AluOp.values()) {
            for (Width width : Width.values()) {
                for (Set a : left) {
                    for (Set b : right) {
                        Num result = op.result(ON, width, a.num, b.num);
                        for (long x : a.members) {
                            for (long y : b.members) {
                                long concrete = op.result(ConcreteAlgebra.INSTANCE, width, x, y);
                                if (!result.contains(concrete)) {
                                    assertThat(result.contains(concrete))
                                            .as(
                                                    "%s %s: %s, %s gives %s, not %s in %s",
                                                    op, width, x, y, result, concrete, a.num + " and " + b.num)
                                            .isTrue();
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    @Test
    void everyOperationOnRandomSetsHoldsTheConcreteResult() {
        Random random = new Random(1);
        for (int i = 0; i < 300_000; i++) {
            AluOp op = AluOp.values()[random.nextInt(AluOp.values().length)];
            Width width = Width.values()[random.nextInt(2)];
            long x = interesting(random);
            long y = interesting(random);
            Num a = random(random, x);
            Num b = random(random, y);
            long concrete = op.result(ConcreteAlgebra.INSTANCE, width, x, y);
            Num result = op.result(ON, width, a, b);
            if (!result.contains(concrete)) {
                assertThat(result.contains(concrete))
                        .as("%s %s: %d in %s, %d in %s gives %s, not %d", op, width, x, a, y, b, result, concrete)
                        .isTrue();
            }
        }
    }

    @Test
    void changesOfByteOrderHoldTheConcreteResult() {
        Random random = new Random(2);
        for (int i = 0; i < 50_000; i++) {
            long x = interesting(random);
            Num a = random(random, x);
            for (SwapOp op : SwapOp.values()) {
                for (int bits : new int[] {16, 32, 64}) {
                    assertThat(op.result(ON, a, bits).contains(op.result(ConcreteAlgebra.INSTANCE, x, bits)))
                            .isTrue();
                }
            }
        }
    }

    @Test
    void branchesKeepEveryPairForWhichTheyHold() {
        Random random = new Random(3);
        for (int i = 0; i < 300_000; i++) {
            JumpOp op = JumpOp.values()[random.nextInt(JumpOp.values().length)];
            Width width = Width.values()[random.nextInt(2)];
            long x = interesting(random);
            long y = random.nextInt(3) == 0 ? x : interesting(random);
            Num a = random(random, x);
            Num b = random(random, y);
            Comparison after =
                    op.test(width, x, y) ? Comparison.assume(op, width, a, b) : Comparison.refute(op, width, a, b);
            if (!after.a().contains(x) || !after.b().contains(y)) {
                assertThat(after.a().contains(x) && after.b().contains(y))
                        .as("%s %s: %d in %s, %d in %s gives %s", op, width, x, a, y, b, after)
                        .isTrue();
            }
            assertThat(after.a().leq(a) && after.b().leq(b)).isTrue();
        }
    }

    @Test
    void branchesOnSmallSetsAreDeadExactlyWhenNoPairTakesThem() {
        List<Set> sets = around(0, 3);
        sets.removeIf(set -> set.members.length > 2 && !contiguous(set));
        for (JumpOp op : List.of(JumpOp.JLT, JumpOp.JLE, JumpOp.JSGT, JumpOp.JSLE, JumpOp.JGT)) {
            for (Set a : sets) {
                for (Set b : sets) {
                    boolean possible = false;
                    for (long x : a.members) {
                        for (long y : b.members) {
                            possible |= op.test(Width.W64, x, y);
                        }
                    }
                    boolean signMixed = a.num.sMin() < 0 || b.num.sMin() < 0;
                    if (!signMixed) {
                        assertThat(!Comparison.assume(op, Width.W64, a.num, b.num)
                                        .isImpossible())
                                .as("%s %s %s", a.num, op, b.num)
                                .isEqualTo(possible);
                    }
                }
            }
        }
    }

    private static boolean contiguous(Set set) {
        return set.members[set.members.length - 1] - set.members[0] == set.members.length - 1;
    }

    @Test
    void joinIsAboveBothAndMeetBelow() {
        Random random = new Random(4);
        for (int i = 0; i < 100_000; i++) {
            long x = interesting(random);
            Num a = random(random, x);
            Num b = random(random, interesting(random));
            Num c = random(random, x);
            Num join = a.join(b);
            assertThat(a.leq(join) && b.leq(join)).as("%s join %s", a, b).isTrue();
            Num meet = a.meet(c);
            assertThat(meet.leq(a) && meet.leq(c) && meet.contains(x))
                    .as("%s meet %s", a, c)
                    .isTrue();
            Num wide = a.widen(b, new long[] {-8, 0, 7, 64, 1500});
            assertThat(a.leq(wide) && b.leq(wide))
                    .as("%s widen %s = %s", a, b, wide)
                    .isTrue();
        }
    }

    @Test
    void wideningChainsAreShort() {
        Random random = new Random(5);
        for (int i = 0; i < 2_000; i++) {
            Num all = Num.constant(interesting(random));
            int changes = 0;
            for (int step = 0; step < 500; step++) {
                Num next = all.widen(random(random, interesting(random)), null);
                if (!next.equals(all)) {
                    changes++;
                }
                all = next;
            }
            assertThat(changes).isLessThan(20);
        }
    }
}
