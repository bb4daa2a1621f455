package dev.turnout.ir.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.text.IrParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AliasAnalysisTest {
    /** The accesses of the cases: each loads into its letter, in this order. */
    private static final String WORLD = """
            global @g: u64 bss align 8 = zero 8
            global @h: u64 bss align 8 = zero 8

            function @f -> i32 {
            b0(m: ptr<map_value>, n: ptr<map_value>, any: ptr<any>, k: ptr<stack>, i: i64, c: ptr<context>, p: ptr<packet>, e: ptr<packet_end>):
                s = slot 16 align 8 "stays"
                t = slot 16 align 8 "goes"
                q = slot 16 align 8 "is looked at"
                four = const i64 4
                big = const i64 14
                s4 = offset ptr<stack> s, four
                si = offset ptr<stack> s, i
                si4 = offset ptr<stack> si, four
                g1 = address global @g
                g2 = address global @g
                h = address global @h
                mi = offset ptr<map_value> m, i
                mi2 = offset ptr<map_value> m, i
                call void @taker(t)
                helper void lookup(q) quiet
                a = load i32 s
                b = load i32 s + 4
                cc = load i64 s
                d = load i32 s4
                ee = load i32 si
                f = load i32 si4
                g = load i32 t
                hh = load i32 k
                ii = load i32 any
                j = load i64 m
                kk = load i64 n
                l = load i32 mi + 4
                mm = load i32 mi2 + 8
                nn = load i64 g1
                o = load i64 g2
                pp = load i64 h
                qq = load i32 q
                checked p + four, 20 <= e ? ok : out
            ok(r: ptr<packet>):
                rr = load i16 r + 2
                ss = load i16 p + 6
                tt = load i16 p + 4
                uu = load_context i32 c + 4 bytes 4
                checked p + i, 8 <= e ? ok2 : out
            ok2(r2: ptr<packet>):
                vv = load i8 r2
                ww = load i8 r2 + 1
                jump out
            out:
                one = const i32 1
                return one
            }

            function @taker -> void {
            b0(x: ptr<stack>):
                return
            }
            """;

    private final Module module = IrParser.read(WORLD);
    private final Function function = module.functions().getFirst();
    private final AliasAnalysis aliases = AliasAnalysis.of(function);
    private final List<Operation> accesses = accesses();

    private List<Operation> accesses() {
        List<Operation> found = new ArrayList<>();
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                if (inst.op() instanceof Operation.Load || inst.op() instanceof Operation.LoadContext) {
                    found.add(inst.op());
                }
            }
        }
        return found;
    }

    private AliasAnalysis.Place place(String letter) {
        return Objects.requireNonNull(aliases.access(accesses.get(letter.charAt(0) - 'a')));
    }

    @ParameterizedTest
    @CsvSource({
        // One root: the bytes decide.
        "a, b, false",
        "a, c, true",
        "b, c, true",
        "b, d, true",
        "a, d, false",
        // An index that is not known, into the same slot.
        "a, e, true",
        "e, f, false",
        "e, g, false",
        // A slot that stays here, one that another function was given, and pointers from elsewhere.
        "a, g, false",
        "a, h, false",
        "a, i, false",
        "g, h, true",
        "g, i, true",
        "h, i, true",
        "q, h, false",
        // Two map values may be one; an index that is the same is the same place.
        "j, k, true",
        "l, m, false",
        "j, l, true",
        "j, i, true",
        "j, n, false",
        // Globals by name.
        "n, o, true",
        "n, p, false",
        "n, i, true",
        // Packet bytes: a reference is its base and its offset.
        "r, s, true",
        "r, t, false",
        "s, t, false",
        "t, v, true",
        "v, w, false",
        "t, u, false",
        "t, i, true",
        "t, j, false",
    })
    void accessesMeetOrDoNot(String one, String other, boolean meet) {
        assertThat(aliases.mayMeet(place(one), place(other))).isEqualTo(meet);
        assertThat(aliases.mayMeet(place(other), place(one))).isEqualTo(meet);
    }

    @ParameterizedTest
    @CsvSource({
        "a, true, true, false",
        "g, false, false, false",
        "q, true, false, false",
        "h, false, false, false",
        "i, false, false, true",
        "j, false, false, true",
        "n, false, false, true",
        "r, false, false, false"
    })
    void whoElseReachesThePlace(String one, boolean isPrivate, boolean isHidden, boolean isShared) {
        assertThat(aliases.isPrivate(place(one))).isEqualTo(isPrivate);
        assertThat(aliases.isHidden(place(one))).isEqualTo(isHidden);
        assertThat(aliases.isShared(place(one))).isEqualTo(isShared);
    }

    @Test
    void callsDoWhatTheySayThatTheyDo() {
        Operation call = new Operation.Call("taker", List.of(), function.result());
        Operation loud = new Operation.CallHelper("any", List.of(), function.result());
        Operation quiet = function.entry().insts().stream()
                .map(Inst::op)
                .filter(Operation.CallHelper.class::isInstance)
                .findFirst()
                .orElseThrow();
        for (String letter : List.of("a", "q")) {
            assertThat(aliases.mayWrite(call, place(letter))).isFalse();
            assertThat(aliases.mayWrite(loud, place(letter))).isFalse();
            assertThat(aliases.mayWrite(quiet, place(letter))).isFalse();
        }
        for (String letter : List.of("g", "h", "r")) {
            assertThat(aliases.mayWrite(call, place(letter))).isTrue();
            assertThat(aliases.mayWrite(loud, place(letter))).isTrue();
            assertThat(aliases.mayWrite(quiet, place(letter))).isFalse();
        }
        for (String letter : List.of("i", "j", "n")) {
            assertThat(aliases.mayWrite(call, place(letter))).isTrue();
            assertThat(aliases.mayWrite(quiet, place(letter)))
                    .as("where others' writes show")
                    .isTrue();
        }
        assertThat(aliases.mayRead(quiet, place("q"))).isTrue();
        assertThat(aliases.mayRead(quiet, place("a"))).isFalse();
        assertThat(aliases.mayRead(loud, place("q"))).isFalse();
    }

    @Test
    void aCoveringPlaceHasAllBytes() {
        assertThat(place("c").covers(place("b"))).isTrue();
        assertThat(place("b").covers(place("c"))).isFalse();
        assertThat(place("c").covers(place("g"))).isFalse();
    }
}
