package dev.turnout.x86.code;

import dev.turnout.runtime.image.Binding;
import dev.turnout.runtime.image.Keys;
import java.util.function.ToLongFunction;

/** Where the things are that fixups name. */
public interface Addresses {
    long stub(Stub stub);

    /** The header of a map, by the program's index. */
    long mapHeader(int map);

    /** The value that a map has without a lookup, by the program's index. */
    long mapValue(int map);

    /** A key's value, by the program's index. */
    long key(int key);

    /** What a machine gave a program. */
    static Addresses of(Binding binding, Keys keys, ToLongFunction<Stub> stubs) {
        return new Addresses() {
            @Override
            public long stub(Stub stub) {
                return stubs.applyAsLong(stub);
            }

            @Override
            public long mapHeader(int map) {
                return binding.maps().get(map).address();
            }

            @Override
            public long mapValue(int map) {
                return binding.maps().get(map).direct();
            }

            @Override
            public long key(int key) {
                return keys.address(binding.keys().get(key));
            }
        };
    }
}
