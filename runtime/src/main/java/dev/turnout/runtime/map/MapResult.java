package dev.turnout.runtime.map;

import dev.turnout.ir.model.ByteString;
import java.util.List;

/**
 * What a host gets when it asks a map for something.
 *
 * @param error 0, or a negated {@link Errno}; then there are no values
 * @param values copies: one a CPU slot of a value, or one alone
 */
public record MapResult(int error, List<ByteString> values) {
    public MapResult {
        values = List.copyOf(values);
    }

    static MapResult failed(int error) {
        return new MapResult(error, List.of());
    }

    static MapResult of(ByteString one) {
        return new MapResult(0, List.of(one));
    }

    public boolean found() {
        return error == 0;
    }
}
