package dev.turnout.bpf.select;

import dev.turnout.bpf.object.Reference;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Operation;
import dev.turnout.stdlib.target.TargetProfile;

/** What selection asks of the module around a function. */
public interface SelectionContext {
    TargetProfile target();

    /** What an address means in the object. */
    Reference reference(Operation.Address address);

    /** The name of the next jump table of a function. */
    String nextTable(String function);

    /** The value of a key at load. */
    long initial(String key);

    /** Says that the target cannot do what the program asks. */
    void unsupported(Location at, String message, String help);
}
