package dev.turnout.ir.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

class FunctionBuilderTest {
    private final FunctionBuilder f = FunctionBuilder.subprogram("f", Type.Int.I32);

    @Test
    void blocksStandInTheOrderInWhichTheyWereEntered() {
        Value x = f.parameter(Type.Int.I32);
        Label join = f.newBlock(Type.Int.I32);
        Label small = f.newBlock();
        Label large = f.newBlock();
        f.branch(f.compare(CompareOp.ULT, x, f.constant(Type.Int.I32, 8)), small, large);
        f.switchTo(large);
        f.jump(join, f.constant(Type.Int.I32, 1));
        f.switchTo(small);
        f.jump(join, x);
        f.switchTo(join);
        f.returns(f.parameter(join, 0));

        Function made = f.build();

        assertThat(made.blocks()).hasSize(4);
        assertThat(made.entry().terminator().targets())
                .extracting(target -> target.block().index())
                .containsExactly(2, 1);
        assertThat(made.block(new Label(3)).terminator())
                .isEqualTo(new Terminator.Return(List.of(new Value(4, Type.Int.I32))));
    }

    @Test
    void blocksThatNothingReachesAreDroppedAndNumbersAreDense() {
        Label dead = f.newBlock();
        Label live = f.newBlock();
        f.jump(live);
        f.switchTo(dead);
        f.constant(Type.Int.I32, 7);
        f.switchTo(live);
        Value one = f.constant(Type.Int.I32, 1);
        f.returns(f.binary(BinaryOp.ADD, one, one));

        Function made = f.build();

        assertThat(made.blocks()).hasSize(2);
        assertThat(made.valueCount()).isEqualTo(2);
    }

    @Test
    void slotsComeFirstInTheEntryBlock() {
        Label next = f.newBlock();
        f.constant(Type.Int.I64, 3);
        f.jump(next);
        f.switchTo(next);
        Value slot = f.slot(4, 4, "x");
        f.returns(f.load(Type.Int.I32, slot, 0));

        assertThat(f.build().entry().insts().getFirst().op()).isEqualTo(new Operation.Slot(4, 4, "x"));
    }

    @Test
    void aReachedBlockWithoutTerminatorIsRefused() {
        Label next = f.newBlock();
        f.jump(next);
        f.switchTo(next);

        assertThatThrownBy(f::build).isInstanceOf(IllegalStateException.class).hasMessageContaining("no terminator");
    }

    @Test
    void nothingCanBeEmittedBehindATerminator() {
        f.returns(f.constant(Type.Int.I32, 0));

        assertThatThrownBy(() -> f.constant(Type.Int.I32, 1)).isInstanceOf(IllegalStateException.class);
    }
}
