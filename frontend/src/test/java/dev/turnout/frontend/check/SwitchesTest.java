package dev.turnout.frontend.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.frontend.typed.TypedText;
import org.junit.jupiter.api.Test;

/** Section "switch" of the language reference. */
class SwitchesTest {
    private static final String MODE = "enum Mode { fast, slow, off }\n";

    @Test
    void aClosedEnumIsCoveredByItsMembers() {
        String text = TypedText.of(Checked.of(MODE + """
                fn f(m: Mode) -> u32 { return switch (m) { .fast => 1, .slow, .off => 2 }; }
                """).good());
        assertThat(text).contains("switch (m) exhaustive { 0 => 1, 1, 2 => 2, }");
    }

    @Test
    void missingMembersAreNamed() {
        Checked checked = Checked.of(MODE + "fn f(m: Mode) { switch (m) { .fast => {} } }");
        assertThat(checked.reports()).containsExactly("E0319 2:25");
        assertThat(checked.words()).contains("`.slow` and `.off`");
    }

    @Test
    void anOpenEnumNeedsAnElse() {
        Checked checked = Checked.of("open enum M { a, b }\nfn f(m: M) { switch (m) { .a => {} .b => {} } }");
        assertThat(checked.reports()).containsExactly("E0319 2:22");
        assertThat(checked.words()).contains("open");
    }

    @Test
    void overlapsShowBothPatterns() {
        Checked checked = Checked.of("fn f(n: u8) { switch (n) { 1..=5 => {} 3 => {} else => {} } }");
        assertThat(checked.reports()).containsExactly("E0318 1:40");
        assertThat(checked.diagnostics()
                        .all()
                        .getFirst()
                        .secondary()
                        .getFirst()
                        .span()
                        .text())
                .isEqualTo("1..=5");
    }

    @Test
    void aConstantOutsideTheTypeIsAMistake() {
        assertThat(Checked.of("fn f(n: u8) { switch (n) { 256 => {} else => {} } }")
                        .reports())
                .containsExactly("E0302 1:28");
    }

    @Test
    void signedRangesBecomeUnsignedOnes() {
        String text = TypedText.of(Checked.of("fn f(n: i8) -> u8 { return switch (n) { -2..=3 => 1, else => 0 }; }")
                .good());
        assertThat(text).contains("{ 254..=255, 0..=3 => 1, else => 0, }");
    }

    @Test
    void stringsAreTheNumbersThatALoadGives() {
        String text = TypedText.of(
                Checked.of("fn f(b: *const [4]u8) -> u8 { return switch (*b) { \"GET \" => 1, else => 0 }; }")
                        .good());
        assertThat(text).contains(Integer.toUnsignedString(0x20544547) + " => 1");
    }

    @Test
    void fallthroughJoinsTheNextArm() {
        String text = TypedText.of(Checked.of("""
                fn f(n: u32) -> u32 {
                    var c: u32 = 0;
                    switch (n) { 2 => { c += 1; fallthrough; } 1 => { c += 2; } else => {} }
                    return c;
                }
                """).good());
        assertThat(text).contains("} fallthrough");
    }

    @Test
    void anElseThatNeverRunsIsAWarning() {
        Checked checked = Checked.of("fn f(b: bool) -> u8 { return switch (b) { true => 1, false => 2, else => 3 }; }");
        assertThat(checked.reports()).containsExactly("W0502 1:66");
        assertThat(checked.program()).isPresent();
    }

    @Test
    void armsAsValuesMeetAtOneTypeOrLeave() {
        Checked.of(
                        "fn f(n: u8, a: u8, b: u32) -> u32 { return switch (n) { 0 => a, 1 => b, 2 => 7, else => return 9 }; }")
                .good();
        assertThat(Checked.of(
                                "fn f(n: u8, a: u8, b: bool) -> u32 { let x = switch (n) { 0 => a, else => b }; return 1; }")
                        .reports())
                .containsExactly("E0303 1:75");
        assertThat(Checked.of("fn f(n: u8) -> u32 { let x: u32 = switch (n) { 0 => 1, else => { } }; return x; }")
                        .reports())
                .containsExactly("E0330 1:64");
    }

    @Test
    void whereEveryArmLeavesNothingFollows() {
        Checked.of("fn f(n: u8) -> u32 { switch (n) { 0 => return 1, else => return 2 } }")
                .good();
        assertThat(Checked.of("fn f(n: u8) -> u32 { switch (n) { 0 => return 1, else => {} } }")
                        .reports())
                .containsExactly("E0317 1:63");
    }

    @Test
    void breakInAnArmMeansTheLoop() {
        Checked.of("fn f(n: u8) { for (i in 0..4) { switch (n) { 0 => break, else => {} } } }")
                .good();
    }
}
