package dev.turnout.x86.isa;

import java.util.List;
import java.util.Locale;

/** A row: an instruction with all its encodings. */
public sealed interface X86Op
        permits Arith,
                Test,
                Shift,
                Unary,
                Move,
                Extend,
                Multiply,
                BitTest,
                BitCount,
                VexOp,
                Exchange,
                Swap,
                DoubleShift,
                Conditional,
                Branch,
                Stack,
                Bare {

    /** As the listing and the manual write it; {@code cc} stands for a condition. */
    String mnemonic();

    /** Its encodings, each with its form of operands. */
    List<Encoding> encodings();

    /** Where the SDM describes it: the entry of volume 2 whose title names this. */
    default String source() {
        return "SDM vol. 2, " + mnemonic().toUpperCase(Locale.ROOT);
    }
}
