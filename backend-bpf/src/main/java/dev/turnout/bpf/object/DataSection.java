package dev.turnout.bpf.object;

import dev.turnout.bpf.program.MapField;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import java.util.List;
import java.util.Optional;

/**
 * A section of variables: at load, an array map of one value.
 *
 * @param name {@code .rodata}, {@code .data}, {@code .bss}, or one of these with a suffix: {@code .rodata.str1.1}
 * @param bytes what it holds at load; all zero in {@code .bss}
 * @param align bytes, a power of two
 * @param variables in order of offset
 * @param fields that are the kernel's own, in order of offset
 */
public record DataSection(String name, ByteString bytes, int align, List<Variable> variables, List<MapField> fields) {
    /** How the names of tables of values begin, which a {@code switch} became: the function and a number follow. */
    public static final String VALUE_TABLE_PREFIX = "BPF.VT.";

    /** The section of values of the kernel's configuration, which a loader fills. */
    public static final String CONFIGURATION = ".kconfig";

    public DataSection {
        variables = List.copyOf(variables);
        fields = List.copyOf(fields);
    }

    /** A section of plain variables. */
    public DataSection(String name, ByteString bytes, int align, List<Variable> variables) {
        this(name, bytes, align, variables, List.of());
    }

    /**
     * A named part.
     *
     * @param offset bytes from the start of the section
     * @param size bytes
     * @param type {@link DebugType.Void} where an object does not say
     * @param exported whether its symbol is global
     */
    public record Variable(String name, int offset, int size, DebugType type, boolean exported) {}

    /** The variable of this name. */
    public Optional<Variable> variable(String wanted) {
        return variables.stream().filter(one -> one.name().equals(wanted)).findFirst();
    }

    /** The same section with these bytes from {@code offset} on. */
    public DataSection with(int offset, ByteString part) {
        byte[] all = bytes.toArray();
        System.arraycopy(part.toArray(), 0, all, offset, part.size());
        return new DataSection(name, ByteString.copyOf(all), align, variables, fields);
    }

    /** Whether programs may not write it and its bytes are known: they are constants. */
    public boolean frozen() {
        return isNamed(".rodata");
    }

    /** Whether programs may not write it. */
    public boolean readOnly() {
        return frozen() || isNamed(CONFIGURATION);
    }

    /** Whether a file holds no bytes for it. */
    public boolean zeroFilled() {
        return isNamed(".bss");
    }

    /** Whether programs may write it and a file holds its bytes. */
    boolean variable() {
        return isNamed(".data");
    }

    private boolean isNamed(String stem) {
        return name.equals(stem) || name.startsWith(stem + ".");
    }
}
