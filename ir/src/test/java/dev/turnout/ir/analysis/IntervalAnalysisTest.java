package dev.turnout.ir.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.text.IrParser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is known at each {@code prove} of a function, in the order of the text. */
class IntervalAnalysisTest {
    private static List<String> known(String parameters, String body) {
        String text = "function @f -> i64 {\nb0(" + parameters + "):\nzero = const i64 0\n" + body + "\n}\n";
        Function function = IrParser.read(text).functions().getFirst();
        IntervalAnalysis intervals = IntervalAnalysis.of(function);
        List<String> found = new ArrayList<>();
        for (Block block : function.blocks()) {
            for (int i = 0; i < block.insts().size(); i++) {
                Inst inst = block.insts().get(i);
                if (inst.op() instanceof Operation.Prove prove) {
                    found.add(intervals.at(prove.index(), block.label(), i).toString());
                }
            }
        }
        return found;
    }

    @Test
    void masksShiftsAndRemaindersBound() {
        assertThat(known("a: i64, b: i8", """
                                m = const i64 15
                                c = and i64 a, m
                                ten = const i64 10
                                d = urem i64 a, ten
                                four = const i8 4
                                e = lshr i8 b, four
                                f = zext i64 b
                                prove c < 0xffffffffffffffff site 0
                                prove d < 0xffffffffffffffff site 0
                                prove e < 0xffffffffffffffff site 0
                                prove f < 0xffffffffffffffff site 0
                                return zero
                                """)).containsExactly("0..=15", "0..=9", "0..=15", "0..=255");
    }

    @Test
    void aBranchBoundsWhatItComparesAndWhatThatIsMadeOf() {
        assertThat(known("a: i8", """
                                w = zext i32 a
                                n = const i32 16
                                c = ult i32 w, n
                                branch c ? small : large
                                small:
                                prove a < 0xffffffffffffffff site 0
                                v = zext i64 a
                                prove v < 0xffffffffffffffff site 0
                                return zero
                                large:
                                prove w < 0xffffffffffffffff site 0
                                return zero
                                """)).containsExactly("0..=15", "0..=15", "16..=255");
    }

    @Test
    void theMinimumOfTwoIsAtMostEach() {
        assertThat(known("a: i64", """
                                n = const i64 64
                                c = ult i64 a, n
                                m = select i64 c ? a : n
                                prove m < 0xffffffffffffffff site 0
                                return zero
                                """)).containsExactly("0..=64");
    }

    @Test
    void bytesWrap() {
        assertThat(known("a: i8", """
                                one = const i8 1
                                b = add i8 a, one
                                prove b < 0xffffffffffffffff site 0
                                m = const i8 7
                                c = and i8 a, m
                                d = sub i8 c, one
                                prove d < 0xffffffffffffffff site 0
                                e = add i8 c, one
                                prove e < 0xffffffffffffffff site 0
                                return zero
                                """)).containsExactly("any", "-1..=6", "1..=8");
    }

    private static final String LOOP = """
            jump head(zero)
            head(i: i64):
            c = %s i64 i, n
            branch c ? body : out
            body:
            prove i < 0xffffffffffffffff site 0
            one = const i64 %s
            j = add i64 i, one
            jump head(j)
            out:
            prove i < 0xffffffffffffffff site 0
            return zero
            """;

    @Test
    void aCountedLoopStaysBelowItsBound() {
        assertThat(known("a: i64", "n = const i64 100\n" + LOOP.formatted("ult", "1")))
                .containsExactly("0..=99", "100");
        assertThat(known("a: i64", "n = const i64 100\n" + LOOP.formatted("ult", "4")))
                .containsExactly("0..=96", "100");
        assertThat(known("a: i64", "n = const i64 100\n" + LOOP.formatted("ne", "1")))
                .containsExactly("0..=99", "100");
        assertThat(known("a: i64", "n = const i64 100\n" + LOOP.formatted("slt", "1")))
                .containsExactly("0..=99", "100");
    }

    @Test
    void withoutInductionACounterIsKnownAndWhatIsSetToItIsNot() {
        Function function = IrParser.read("""
                        function @f -> i64 {
                        b0(c: i1):
                            zero = const i64 0
                            one = const i64 1
                            n = const i64 16
                            jump head(one, zero, zero)
                        head(i: i64, best: i64, masked: i64):
                            more = ult i64 i, n
                            branch more ? body : out
                        body:
                            next = select i64 c ? i : best
                            sum = add i64 masked, i
                            mask = const i64 15
                            low = and i64 sum, mask
                            j = add i64 i, one
                            jump head(j, next, low)
                        out:
                            return best
                        }
                        """).functions().getFirst();
        List<String> found = new ArrayList<>();
        for (IntervalAnalysis one :
                List.of(IntervalAnalysis.of(function), IntervalAnalysis.withoutInduction(function))) {
            function.blocks()
                    .get(1)
                    .parameters()
                    .forEach(value -> found.add(one.everywhere(value).toString()));
        }
        assertThat(found).containsExactly("1..=16", "0..=15", "0..=15", "1..=16", "any", "0..=15");
    }

    @Test
    void aLoopUpToAValueStaysBelowWhatIsKnownOfThat() {
        assertThat(known("a: i16", "n = zext i64 a\n" + LOOP.formatted("ult", "1")))
                .containsExactly("0..=65534", "0..=65535");
        assertThat(known("n: i64", LOOP.formatted("ult", "1"))).containsExactly("0..=18446744073709551614", "any");
    }

    @Test
    void aLoopDownwardsStaysInItsRange() {
        assertThat(known("a: i64", """
                                n = const i64 32
                                one = const i64 1
                                jump head(n)
                                head(i: i64):
                                c = ugt i64 i, zero
                                branch c ? body : out
                                body:
                                j = sub i64 i, one
                                prove j < 0xffffffffffffffff site 0
                                jump head(j)
                                out:
                                return zero
                                """)).containsExactly("0..=31");
    }

    @Test
    void nestedLoopsAreBoundedByTheOuterVariable() {
        assertThat(known("a: i64", """
                                n = const i64 64
                                one = const i64 1
                                jump head(one)
                                head(i: i64):
                                c = ult i64 i, n
                                branch c ? inner(i) : out
                                inner(j: i64):
                                d = ugt i64 j, zero
                                branch d ? body : next
                                body:
                                k = sub i64 j, one
                                prove k < 0xffffffffffffffff site 0
                                prove j < 0xffffffffffffffff site 0
                                jump inner(k)
                                next:
                                i2 = add i64 i, one
                                jump head(i2)
                                out:
                                return zero
                                """)).containsExactly("0..=62", "1..=63");
    }

    @Test
    void casesBoundWhatIsSwitchedOn() {
        assertThat(known("a: i8", """
                                switch a [0..=9 => low, 20 => one, 200..=255 => high] else rest
                                low:
                                prove a < 0xffffffffffffffff site 0
                                return zero
                                one:
                                prove a < 0xffffffffffffffff site 0
                                return zero
                                high:
                                prove a < 0xffffffffffffffff site 0
                                return zero
                                rest:
                                prove a < 0xffffffffffffffff site 0
                                return zero
                                """)).containsExactly("0..=9", "20", "200..=255", "10..=199");
    }

    @Test
    void casesThatShareABlockBoundItTogether() {
        assertThat(known("a: i8", """
                                switch a [1 => both, 5 => both] else rest
                                both:
                                prove a < 0xffffffffffffffff site 0
                                return zero
                                rest:
                                return zero
                                """)).containsExactly("1..=5");
    }

    @Test
    void aSideThatIsNeverTakenIsNotReached() {
        String text = """
                function @f -> i64 {
                b0(a: i64):
                    m = const i64 7
                    b = and i64 a, m
                    n = const i64 8
                    c = ult i64 b, n
                    branch c ? b1 : b2
                b1:
                    return a
                b2:
                    return b
                }
                """;
        IntervalAnalysis intervals =
                IntervalAnalysis.of(IrParser.read(text).functions().getFirst());
        assertThat(intervals.reaches(new Label(1))).isTrue();
        assertThat(intervals.reaches(new Label(2))).isFalse();
    }

    @Test
    void bothPartsOfAConditionHold() {
        assertThat(known("a: i64, b: i64", """
                                n = const i64 8
                                c = ult i64 a, n
                                d = ult i64 b, n
                                e = and i1 c, d
                                branch e ? yes : no
                                yes:
                                s = add i64 a, b
                                prove s < 0xffffffffffffffff site 0
                                return zero
                                no:
                                return zero
                                """)).containsExactly("0..=14");
    }

    @Test
    void aClaimHoldsBehindItself() {
        assertThat(known("a: i64", """
                                prove a < 10 site 0
                                prove a < 10 site 1
                                jump next
                                next:
                                prove a < 10 site 2
                                return zero
                                """)).containsExactly("any", "0..=9", "0..=9");
    }

    @Test
    void anOpaqueValueStaysUnknown() {
        assertThat(known("a: i64", "o = opaque i64 zero\nprove o < 0xffffffffffffffff site 0\nreturn zero"))
                .containsExactly("any");
    }

    @Test
    void anOffsetThatPassedItsBoundsTestIsThatOfAPacket() {
        assertThat(known("p: ptr<packet>, o: i64, e: ptr<packet_end>", """
                                checked p + o, 4 <= e ? ok : no
                                ok(q: ptr<packet>):
                                prove o < 0xffffffffffffffff site 0
                                return zero
                                no:
                                prove o < 0xffffffffffffffff site 0
                                return zero
                                """)).containsExactly("0..=65535", "any");
    }
}
