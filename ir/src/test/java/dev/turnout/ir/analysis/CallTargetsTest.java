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
import org.junit.jupiter.api.Test;

class CallTargetsTest {
    private static final String FUNCTIONS =
            """
            table @ops = [@a, none, @b]
            table @hooks = [@c] mutable with [@d]
            """ + function("a") + function("b") + function("c") + function("d") + function("e");

    private static String function(String name) {
        return "function @" + name + " family \"n\" -> void {\nb0:\n    return\n}\n";
    }

    /** The targets of the calls of {@code @f}, in the order of the text. */
    private static List<List<String>> targets(String body) {
        Module module = IrParser.read(FUNCTIONS + body);
        CallTargets targets = CallTargets.of(module.tables(), module.functions());
        List<List<String>> all = new ArrayList<>();
        Function function = module.function("f").orElseThrow();
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                if (inst.op() instanceof Operation.CallPointer call) {
                    all.add(targets.of(function, call));
                }
            }
        }
        return all;
    }

    @Test
    void aRowIsOneOfItsTable() {
        assertThat(targets("""
                        function @f -> void {
                        b0(at: i64):
                            t = address global @ops
                            cell = offset ptr<global> t, at
                            g = load ptr<function> cell
                            call_pointer void g() family "n"
                            h = address global @hooks
                            k = load ptr<function> h
                            call_pointer void k() family "n"
                            return
                        }
                        """)).containsExactly(List.of("a", "b"), List.of("c", "d"));
    }

    @Test
    void valuesAreFollowedThroughChoicesAndBlocks() {
        assertThat(targets("""
                        function @f -> void {
                        b0(c: i1):
                            a = address function @a
                            b = address function @b
                            e = address function @e
                            s = select ptr<function> c ? a : b
                            branch c ? b1(s) : b1(e)
                        b1(g: ptr<function>):
                            call_pointer void g() family "n"
                            branch c ? b1(g) : b2
                        b2:
                            return
                        }
                        """)).containsExactly(List.of("a", "b", "e"));
    }

    @Test
    void aValueFromElsewhereIsWhatSomebodyHandsOn() {
        String caller = """
                function @caller -> void {
                b0:
                    b = address function @b
                    call void @f(b)
                    e = address function @e
                    call_pointer void e() family "n"
                    t = address global @hooks
                    cut = address global @ops
                    g = load ptr<function> cut
                    call_pointer void g() family "n"
                    call void @other(t)
                    return
                }
                function @other -> void {
                b0(t: ptr<any>):
                    return
                }
                """;
        assertThat(targets(caller + """
                        function @f -> void {
                        b0(g: ptr<function>):
                            call_pointer void g() family "n"
                            return
                        }
                        """)).containsExactly(List.of("b", "c", "d"));
        assertThat(targets(caller + """
                        function @f -> void {
                        b0(g: ptr<function>):
                            call_pointer void g() family "another"
                            return
                        }
                        """)).containsExactly(List.of());
    }
}
