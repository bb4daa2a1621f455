package dev.turnout.tests.model;

import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.engine.Input;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An example, loaded somewhere. */
interface Subject extends AutoCloseable {
    void put(String map, ByteString key, ByteString value);

    /** Runs its program; empty if such an input cannot be fed here. */
    Optional<Model.Answer> run(Input input);

    /** By key, one value a processor. */
    Map<ByteString, List<ByteString>> entries(String map);

    @Override
    void close();
}
