package dev.turnout.driver.test;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.DataSection;
import dev.turnout.ir.model.ByteString;
import java.util.Optional;

/** Keys on a target that patches no code: each is a variable of the data section {@code .data.keys}. */
final class KeyBytes {
    private static final String SECTION = ".data.keys";
    private static final String VARIABLE = "BPF.SK.";

    private KeyBytes() {}

    /** Writes the value of a key into the bed's memory; false if the object keeps no such byte. */
    static boolean set(TestBed bed, BpfObject object, String name, long value) {
        Optional<DataSection> keys = object.dataSection(SECTION);
        if (keys.isEmpty()) {
            return false;
        }
        for (DataSection.Variable variable : keys.get().variables()) {
            if (variable.name().equals(VARIABLE + name)) {
                byte[] bytes = bed.data(SECTION).orElse(keys.get().bytes()).toArray();
                for (int i = 0; i < variable.size(); i++) {
                    bytes[variable.offset() + i] = (byte) (value >>> (8 * i));
                }
                bed.writeData(SECTION, ByteString.copyOf(bytes));
                return true;
            }
        }
        return false;
    }
}
