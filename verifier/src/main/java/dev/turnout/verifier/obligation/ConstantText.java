package dev.turnout.verifier.obligation;

import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.ir.model.ByteString;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;

/**
 * Whether a value points to a text that nobody can change, and which: the bytes from there to a zero, in a frozen map's only value.
 *
 * @param text a character a byte; empty if there is no text
 * @param missing why there is none; empty if there is one
 */
record ConstantText(String text, String missing) {
    static ConstantText at(BpfProgram program, State state, Value value) {
        if (!(value instanceof Value.Pointer pointer)
                || !(pointer.region() instanceof Region.MapValue region)
                || pointer.isNullable()) {
            return none("it is " + value.words());
        }
        MapDefinition map = program.map(region.map());
        if (!map.frozen() || !region.only() || !(map.content() instanceof MapDefinition.Content.Data data)) {
            return none("map `" + map.name() + "` can change: only constant data of the program cannot");
        }
        Num at = state.offset(pointer);
        if (!at.isConstant()) {
            return none("the offset into map `" + map.name() + "` is " + at + ", not one constant");
        }
        ByteString bytes = data.bytes();
        StringBuilder text = new StringBuilder();
        for (long i = at.constant(); i >= 0 && i < bytes.size(); i++) {
            if (bytes.at((int) i) == 0) {
                return new ConstantText(text.toString(), "");
            }
            text.append((char) (bytes.at((int) i) & 0xff));
        }
        return none("map `" + map.name() + "` holds no zero byte from byte " + at.constant() + " on");
    }

    private static ConstantText none(String why) {
        return new ConstantText("", why);
    }

    boolean isThere() {
        return missing.isEmpty();
    }
}
