package dev.turnout.x86.asm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.x86.isa.Bare;
import dev.turnout.x86.isa.Condition;
import dev.turnout.x86.isa.Gpr;
import dev.turnout.x86.isa.OperandSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RelaxationTest {
    /** A jump that was emitted: its own place and where it goes. */
    private record Jump(Label at, Label end, Label target) {}

    @Test
    void a_forward_jump_is_short_up_to_127_bytes() {
        for (int gap = 0; gap < 300; gap++) {
            Assembler asm = new Assembler();
            Label end = new Label();
            asm.jump(end);
            asm.nop(gap);
            asm.place(end);
            assertThat(asm.finish().size()).isEqualTo(gap + (gap <= 127 ? 2 : 5));
        }
    }

    @Test
    void a_backward_jump_is_short_up_to_128_bytes_with_itself() {
        for (int gap = 0; gap < 300; gap++) {
            Assembler asm = new Assembler();
            Label start = asm.here();
            asm.nop(gap);
            asm.jump(Condition.NE, start);
            assertThat(asm.finish().size()).isEqualTo(gap + (gap + 2 <= 128 ? 2 : 6));
        }
    }

    @Test
    void a_jump_to_the_next_instruction_is_kept_unless_it_may_vanish() {
        Assembler asm = new Assembler();
        Label next = new Label();
        asm.jump(next);
        asm.continueAt(next);
        asm.place(next);
        assertThat(asm.finish().bytes()).containsExactly(0xeb, 0x00);
    }

    @Test
    void what_may_vanish_is_a_jump_where_it_leads_elsewhere() {
        Assembler asm = new Assembler();
        Label over = new Label();
        Label far = new Label();
        asm.continueAt(over);
        asm.bare(Bare.INT3);
        asm.place(over);
        asm.continueAt(far);
        asm.nop(128);
        asm.place(far);
        byte[] code = asm.finish().bytes();
        assertThat(code).startsWith(0xeb, 0x01, 0xcc, 0xe9, 0x80, 0x00, 0x00, 0x00);
    }

    /** Two jumps that vanish, one behind the other: the first leads over the second, which grows since its target is not next. */
    @Test
    void a_vanished_jump_comes_back_when_another_grows_before_its_target() {
        Assembler asm = new Assembler();
        Label far = new Label();
        Label behind = new Label();
        asm.continueAt(behind);
        asm.continueAt(far);
        asm.place(behind);
        asm.bare(Bare.CDQ);
        asm.place(far);
        assertThat(asm.finish().bytes()).containsExactly(0xeb, 0x02, 0xeb, 0x01, 0x99);
    }

    /** Each jump reaches, by the last byte, while the next one is short; the last one does not, so none does in the end. */
    @Test
    void a_chain_in_which_each_jump_lengthens_the_one_before_settles() {
        int length = 400;
        Assembler asm = new Assembler();
        List<Jump> jumps = new ArrayList<>();
        Label last = new Label();
        for (int i = 0; i < length; i++) {
            Label target = i == length - 1 ? last : new Label();
            Label at = asm.here();
            asm.jump(target);
            jumps.add(new Jump(at, asm.here(), target));
            asm.nop(1);
            if (i > 0) {
                asm.place(jumps.get(i - 1).target);
            }
            asm.nop(123);
        }
        asm.nop(4);
        asm.place(last);
        AssembledCode code = asm.finish();
        check(code, jumps);
        assertThat(code.size()).isEqualTo(length * (5 + 124) + 4);
    }

    @Test
    void alignment_and_cells_stay_aligned_whatever_grows_around_them() {
        Random random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            randomCode(random, 1 + random.nextInt(60), true);
        }
    }

    @Test
    void without_padding_the_layout_is_the_smallest() {
        Random random = new Random(8);
        for (int round = 0; round < 2000; round++) {
            randomCode(random, 1 + random.nextInt(60), false);
        }
    }

    @Test
    void a_hundred_thousand_jumps_are_laid_out() {
        randomCode(new Random(9), 100_000, true);
    }

    private static void randomCode(Random random, int length, boolean padding) {
        Assembler asm = new Assembler();
        Label[] labels = new Label[length];
        for (int i = 0; i < length; i++) {
            labels[i] = new Label();
        }
        List<Jump> jumps = new ArrayList<>();
        List<Label> aligned = new ArrayList<>();
        List<Label> marked = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            asm.place(labels[i]);
            Label target = labels[Math.clamp(i + random.nextInt(-30, 31), 0, length - 1)];
            Label at = asm.here();
            switch (random.nextInt(padding ? 7 : 5)) {
                case 0 -> asm.jump(target);
                case 1 -> asm.jump(Condition.of(random.nextInt(16)), target);
                case 2 -> asm.continueAt(target);
                case 3 -> asm.nop(random.nextInt(14));
                case 4 -> {
                    asm.nop(1);
                    marked.add(asm.here());
                    asm.movImm(Gpr.RCX, 0x0102030405060708L);
                }
                case 5 -> aligned.add(cell(asm, target, random));
                default -> {
                    asm.align(8);
                    aligned.add(asm.here());
                    asm.quad(target);
                }
            }
            jumps.add(new Jump(at, asm.here(), target));
        }
        AssembledCode code = asm.finish();
        byte[] bytes = code.bytes();
        for (Label label : marked) {
            assertThat(bytes[code.offset(label) + 2]).isEqualTo((byte) 8);
        }
        aligned.forEach(label -> assertThat(code.offset(label) % 8).isZero());
        code.absolutes().forEach(absolute -> assertThat(absolute.at() % 8).isZero());
        assertThat(code.absolutes().stream().map(AssembledCode.Absolute::target).toList())
                .allMatch(target -> target >= 0 && target <= code.size());
        check(code, jumps);
        if (!padding) {
            checkSmallest(code, jumps);
        }
    }

    /** Reads each branch back from the bytes: it must lead where its label says. */
    private static void check(AssembledCode code, List<Jump> jumps) {
        byte[] bytes = code.bytes();
        for (Jump jump : jumps) {
            int at = code.offset(jump.at);
            int end = code.offset(jump.end);
            int target = code.offset(jump.target);
            if (end > at) {
                int first = bytes[at] & 0xff;
                if (first == 0xeb || (first & 0xf0) == 0x70) {
                    assertThat(end + bytes[at + 1]).isEqualTo(target);
                } else if (first == 0xe9 && end - at == 5) {
                    assertThat(end + LittleEndian.getInt(bytes, at + 1)).isEqualTo(target);
                } else if (first == 0x0f && (bytes[at + 1] & 0xf0) == 0x80) {
                    assertThat(end + LittleEndian.getInt(bytes, at + 2)).isEqualTo(target);
                }
            }
        }
    }

    private static void checkSmallest(AssembledCode code, List<Jump> jumps) {
        byte[] bytes = code.bytes();
        for (Jump jump : jumps) {
            int at = code.offset(jump.at);
            int first = at < bytes.length ? bytes[at] & 0xff : 0;
            int length = code.offset(jump.end) - at;
            if ((first == 0xe9 && length == 5) || (first == 0x0f && length == 6 && (bytes[at + 1] & 0xf0) == 0x80)) {
                int distance = code.offset(jump.target) - (at + 2);
                assertThat(distance).as("a long jump does not reach when short").matches(d -> d != (byte) (int) d);
            }
        }
    }

    @Test
    void objdump_sees_the_same_program() throws Exception {
        Random random = new Random(10);
        Assembler asm = Assembler.listing();
        int length = 3000;
        Label[] labels = new Label[length];
        for (int i = 0; i < length; i++) {
            labels[i] = new Label();
        }
        for (int i = 0; i < length; i++) {
            asm.place(labels[i]);
            Label target = labels[Math.clamp(i + random.nextInt(-30, 31), 0, length - 1)];
            switch (random.nextInt(8)) {
                case 0 -> asm.jump(target);
                case 1 -> asm.jump(Condition.of(random.nextInt(16)), target);
                case 2 -> asm.continueAt(target);
                case 3 -> asm.call(target);
                case 4 -> asm.movAddress(Gpr.R8, target);
                case 5 -> cell(asm, target, random);
                case 6 -> asm.align(1 << random.nextInt(7));
                default -> asm.load(OperandSize.DWORD, Gpr.RAX, Mem.of(Gpr.RSP, random.nextInt(-200, 200)));
            }
        }
        Objdump.judge(asm.finish());
    }

    @Test
    void the_words_of_a_cell_are_what_is_emitted_in_either_state() {
        for (BranchCell form : BranchCell.values()) {
            Assembler asm = new Assembler();
            Label target = asm.here();
            asm.nop(3);
            Label jumping = asm.cell(form, target);
            asm.nop(5);
            Label passing = asm.cell(form, null);
            AssembledCode code = asm.finish();
            assertThat(code.offset(jumping)).isEqualTo(8);
            assertThat(LittleEndian.getLong(code.bytes(), 8)).isEqualTo(form.jumping(8, 0));
            assertThat(code.offset(passing)).isEqualTo(24);
            assertThat(LittleEndian.getLong(code.bytes(), 24)).isEqualTo(form.passing());
        }
    }

    @Test
    void a_cell_whose_distance_is_patched_keeps_its_opcodes() {
        assertThat((int) BranchCell.DISTANCE.jumping(64, 4711)).isEqualTo((int) BranchCell.DISTANCE.passing());
    }

    private static Label cell(Assembler asm, Label target, Random random) {
        BranchCell form = random.nextBoolean() ? BranchCell.NOP_OR_JUMP : BranchCell.DISTANCE;
        return asm.cell(form, random.nextBoolean() ? target : null);
    }

    @Test
    void finished_code_cannot_be_added_to() {
        Assembler asm = new Assembler();
        Label start = asm.here();
        asm.bare(Bare.RET);
        AssembledCode code = asm.finish();
        assertThatThrownBy(() -> asm.bare(Bare.RET)).hasMessageContaining("finished");
        assertThatThrownBy(() -> asm.movImm(Gpr.RAX, 1)).hasMessageContaining("finished");
        assertThatThrownBy(() -> asm.jump(start)).hasMessageContaining("finished");
        assertThat(code.bytes()).containsExactly(0xc3);
    }

    @Test
    void a_label_of_other_code_is_refused() {
        Label foreign = new Assembler().here();
        Assembler asm = new Assembler();
        asm.jump(foreign);
        assertThatThrownBy(asm::finish).hasMessageContaining("other code");
        Assembler another = new Assembler();
        another.nop(1);
        AssembledCode code = another.finish();
        assertThatThrownBy(() -> code.offset(foreign)).hasMessageContaining("other code");
    }

    @Test
    void labels_are_placed_once_and_before_the_code_is_finished() {
        Assembler asm = new Assembler();
        Label label = asm.here();
        assertThatThrownBy(() -> asm.place(label)).isInstanceOf(IllegalStateException.class);
        asm.jump(new Label());
        assertThatThrownBy(asm::finish)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("never placed");
        Assembler other = new Assembler();
        other.movAddress(Gpr.RAX, new Label());
        assertThatThrownBy(other::finish)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("never placed");
    }
}
