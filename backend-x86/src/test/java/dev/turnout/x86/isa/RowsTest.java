package dev.turnout.x86.isa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowsTest {
    /** Two rows with the same bytes would be one instruction under two names, or a slip. */
    @Test
    void no_two_encodings_are_the_same() {
        Map<String, Encoding> seen = new HashMap<>();
        for (Class<?> family : X86Op.class.getPermittedSubclasses()) {
            for (Object row : family.getEnumConstants()) {
                for (Encoding encoding : ((X86Op) row).encodings()) {
                    String key = String.join(
                            " ",
                            encoding.vex() ? "vex" : "",
                            Integer.toHexString(encoding.prefix()),
                            Integer.toString(encoding.map()),
                            Integer.toHexString(encoding.opcode()),
                            Integer.toString(encoding.digit()));
                    for (OperandSize size : OperandSize.values()) {
                        if (encoding.sizes().has(size) || encoding.sizes() == Sizes.NONE) {
                            assertThat(seen.put(size + key, encoding))
                                    .as(encoding.toString())
                                    .isNull();
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8 /r",
                "80 /0 id",
                "C7 id",
                "C7 /0 iq",
                "VEX.66.0F F7 /r",
                "xx /r",
                "C7 /r id",
                "C7 /0",
                "C7 /0 cd"
            })
    void a_row_with_a_slip_cannot_be_made(String manual) {
        assertThatThrownBy(() -> Encoding.of("slip", Form.MI, Sizes.ALL, manual))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_row_names_its_entry_in_the_manual() {
        assertThat(Arith.ADD.source()).isEqualTo("SDM vol. 2, ADD");
        assertThat(Conditional.CMOVCC.source()).isEqualTo("SDM vol. 2, CMOVcc");
        assertThat(Conditional.JCC_SHORT.source()).isEqualTo("SDM vol. 2, Jcc");
        assertThat(Move.MOVABS.source()).isEqualTo("SDM vol. 2, MOV");
        assertThat(Bare.REP_STOSQ.source()).isEqualTo("SDM vol. 2, REP");
    }

    @Test
    void a_condition_and_its_negation_are_never_the_same() {
        for (Condition condition : Condition.values()) {
            assertThat(condition.negate()).isNotEqualTo(condition);
            assertThat(condition.negate().negate()).isEqualTo(condition);
            assertThat(Condition.of(condition.code())).isEqualTo(condition);
        }
    }

    @Test
    void an_order_of_two_is_the_swapped_order_of_the_swapped() {
        assertThat(Condition.B.swap()).isEqualTo(Condition.A);
        assertThat(Condition.GE.swap()).isEqualTo(Condition.LE);
        assertThat(Condition.E.swap()).isEqualTo(Condition.E);
        assertThatThrownBy(Condition.S::swap).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void registers_have_a_name_for_each_size() {
        assertThat(Gpr.RSP.name(OperandSize.BYTE)).isEqualTo("spl");
        assertThat(Gpr.R9.name(OperandSize.DWORD)).isEqualTo("r9d");
        for (Gpr register : Gpr.values()) {
            assertThat(Gpr.of(register.code())).isEqualTo(register);
        }
    }
}
