package dev.turnout.driver.test;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.DataSection;
import dev.turnout.bpf.object.ObjectKey;
import dev.turnout.ir.model.ByteString;
import java.util.Optional;

/** Keys on a target that patches no code: each is a variable of a data section. */
final class KeyBytes {
    private KeyBytes() {}

    /** Writes the value of a key into the bed's memory; false if the object keeps no such byte. */
    static boolean set(TestBed bed, BpfObject object, String name, long value) {
        Optional<DataSection> keys = object.dataSection(ObjectKey.BYTES_SECTION);
        Optional<DataSection.Variable> key = keys.flatMap(section -> section.variable(name));
        if (keys.isEmpty() || key.isEmpty()) {
            return false;
        }
        byte[] bytes =
                bed.data(ObjectKey.BYTES_SECTION).orElse(keys.get().bytes()).toArray();
        for (int i = 0; i < key.get().size(); i++) {
            bytes[key.get().offset() + i] = (byte) (value >>> (8 * i));
        }
        bed.writeData(ObjectKey.BYTES_SECTION, ByteString.copyOf(bytes));
        return true;
    }
}
