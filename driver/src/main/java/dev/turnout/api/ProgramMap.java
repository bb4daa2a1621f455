package dev.turnout.api;

import dev.turnout.bpf.program.MapDefinition;
import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.driver.json.DatumJson;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import dev.turnout.runtime.map.BpfMap;
import dev.turnout.runtime.map.Datum;
import dev.turnout.runtime.map.Errno;
import dev.turnout.runtime.map.MapView;
import dev.turnout.runtime.map.TypedBytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * A map of a machine. Keys and values are bytes as programs see them, or {@link Datum data} by the types that the object
 * states; bytes without a type are a text of hex digits. May be used by many threads while programs run; each operation is
 * indivisible where Linux's is.
 */
public final class ProgramMap {
    private final BpfMap map;
    private final MapDefinition definition;
    private final Lifetime lifetime;
    private final Arena views;

    ProgramMap(BpfMap map, Lifetime lifetime, Arena views) {
        this.map = map;
        this.definition = map.definition();
        this.lifetime = lifetime;
        this.views = views;
    }

    public String name() {
        return definition.name();
    }

    /** As the language writes it: {@code hash}, {@code percpu_array}. */
    public String kind() {
        return definition.kind().word();
    }

    /** Bytes of a key. */
    public int keySize() {
        return definition.keySize();
    }

    /** Bytes of a value. */
    public int valueSize() {
        return definition.valueSize();
    }

    // Bytes.

    /**
     * A copy of the value of a key, if the map has the key.
     *
     * @throws IllegalArgumentException if the key is not {@link #keySize} bytes
     * @throws UnsupportedOperationException if the map has a value for each slot: use {@link #values}
     */
    public Optional<byte[]> get(byte[] key) {
        demandPlain();
        return values(key).stream().findFirst();
    }

    /** Copies of the values of a key: one for each slot of the machine, or one alone if the map is not per CPU; none if there is no key. */
    public List<byte[]> values(byte[] key) {
        return lifetime.during(() -> map.read(ByteString.copyOf(key)).stream()
                .map(ByteString::toArray)
                .toList());
    }

    /**
     * Sets the value of a key, on every slot if the map is per CPU.
     *
     * @throws IllegalArgumentException if key or value have another size than the map's
     * @throws MapException if the map is full, or if its kind takes no values from outside
     */
    public void put(byte[] key, byte[] value) {
        put(ByteString.copyOf(key), ByteString.copyOf(value));
    }

    /**
     * Removes a key.
     *
     * @return whether it was there
     * @throws MapException if entries of the map cannot be removed
     */
    public boolean remove(byte[] key) {
        return remove(ByteString.copyOf(key));
    }

    /**
     * The value of a key where it lies, not a copy: what programs write is seen in it, and what is written into it they see. Once
     * the key is removed, the bytes may become another key's. May be used until the machine is closed.
     *
     * @return read-only if programs cannot write the map; empty if the map has no such key
     * @throws UnsupportedOperationException if the map has a value for each slot
     */
    public Optional<MemorySegment> live(byte[] key) {
        demandPlain();
        return lifetime.during(() -> map.address(ByteString.copyOf(key))
                .map(at -> NativeView.of(at, definition.valueSize(), views))
                .map(view -> map.writable() ? view : view.asReadOnly()));
    }

    // Data.

    /** The value of a key: of a per-CPU map the list of its values. */
    public Optional<Datum> get(Datum key) {
        List<ByteString> values =
                lifetime.during(() -> map.read(bytes("key", definition.key(), key, definition.keySize())));
        List<Datum> shown = values.stream()
                .map(one -> TypedBytes.show(definition.value(), one))
                .toList();
        if (shown.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(definition.kind().perCpu() ? new Datum.Items(shown) : shown.getFirst());
    }

    /**
     * Sets the value of a key, on every slot if the map is per CPU.
     *
     * @throws MapException if a datum does not fit its type, or as with bytes
     */
    public void put(Datum key, Datum value) {
        put(
                bytes("key", definition.key(), key, definition.keySize()),
                bytes("value", definition.value(), value, definition.valueSize()));
    }

    /** Removes a key; as with bytes. */
    public boolean remove(Datum key) {
        return remove(bytes("key", definition.key(), key, definition.keySize()));
    }

    /** Everything in it: {@code {"kind": …, "entries": [{"key": …, "value": …}, …]}}, in the order of the keys. */
    public Datum contents() {
        return lifetime.during(() -> MapView.show(map));
    }

    // JSON.

    /** {@link #contents} as JSON text. */
    public String json() {
        return DatumJson.print(contents());
    }

    /**
     * Adds entries: the JSON that {@link #json} gives, or its list of entries alone. Entries that it does not name stay.
     *
     * @throws MapException if the text is no such JSON, does not fit the map, or if the map is full; entries in front of the one that
     *     did not fit are in the map then
     */
    public void putAll(String json) {
        StringBuilder why = new StringBuilder();
        Diagnostics diagnostics = new Diagnostics();
        Optional<Datum> preset = DatumJson.parse(json, why);
        if (preset.isEmpty()) {
            throw wrong(why.toString());
        }
        if (!lifetime.during(() -> MapView.preset(map, preset.get(), diagnostics))) {
            throw new MapException(diagnostics);
        }
    }

    private void put(ByteString key, ByteString value) {
        int result = lifetime.during(() -> map.write(key, value, BpfMap.ANY));
        if (result != 0) {
            throw new MapException(name(), -result);
        }
    }

    private boolean remove(ByteString key) {
        int result = lifetime.during(() -> map.remove(key));
        if (result != 0 && result != -Errno.ENOENT) {
            throw new MapException(name(), -result);
        }
        return result == 0;
    }

    private ByteString bytes(String what, DebugType type, Datum datum, int size) {
        StringBuilder why = new StringBuilder();
        return TypedBytes.read(type, datum, size, why).orElseThrow(() -> wrong("this is no " + what + ": " + why));
    }

    private MapException wrong(String why) {
        Diagnostics diagnostics = new Diagnostics();
        diagnostics.report(Diagnostic.general(DiagnosticCode.R0108, "map `" + name() + "`: " + why));
        return new MapException(diagnostics);
    }

    private void demandPlain() {
        if (definition.kind().perCpu()) {
            throw new UnsupportedOperationException("map `" + name() + "` has a value for each slot");
        }
    }

    @Override
    public String toString() {
        return kind() + " " + name();
    }
}
