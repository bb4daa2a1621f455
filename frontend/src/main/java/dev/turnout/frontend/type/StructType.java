package dev.turnout.frontend.type;

import dev.turnout.diagnostics.source.Span;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@code struct} or {@code header}, which is its declaration: two are the same only if they are one object.
 *
 * <ul>
 *   <li>{@code struct}: as in C. Fields in declared order, each at the next multiple of its alignment, the size a multiple
 *       of the largest. Padding is zero.
 *   <li>{@code header}: as on the wire. No padding, alignment 1; {@code u1}…{@code u63} and {@code bool} fill bytes from
 *       the most significant bit on, and every run of them ends on a byte.
 * </ul>
 *
 * <p>Made in two steps, since fields may refer to the type itself: the checker declares it and then completes it once,
 * before anything else sees it.
 */
public final class StructType implements Type {
    /** How fields are laid out. */
    public enum Kind {
        STRUCT,
        HEADER,
        /** The kernel's own: only the fields that are used, whose places a loader finds out. */
        KERNEL
    }

    private final String name;
    private final Kind kind;
    private final Span declared;
    private @Nullable List<Field> fields;
    private final HashMap<String, Field> byName = new HashMap<>();
    private long size;
    private long align = 1;

    /** Declares a type whose fields are still to come. */
    public StructType(String name, Kind kind, Span declared) {
        this.name = name;
        this.kind = kind;
        this.declared = declared;
    }

    /** Gives the fields; once. */
    public void complete(List<Field> fields, long size, long align) {
        if (this.fields != null) {
            throw new IllegalStateException(name + " is complete already");
        }
        this.fields = List.copyOf(fields);
        this.fields.forEach(field -> byName.put(field.name(), field));
        this.size = size;
        this.align = align;
    }

    public boolean isComplete() {
        return fields != null;
    }

    public String name() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    public boolean isHeader() {
        return kind == Kind.HEADER;
    }

    /** Whether it lies in the kernel, and is reached by reference only. */
    public boolean isKernel() {
        return kind == Kind.KERNEL;
    }

    /** Its name where it is declared. */
    public Span declared() {
        return declared;
    }

    /** In declared order. */
    public List<Field> fields() {
        List<Field> known = fields;
        if (known == null) {
            throw new IllegalStateException(name + " is not complete");
        }
        return known;
    }

    public Optional<Field> field(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Bytes, padding at the end included. */
    public long byteSize() {
        return size;
    }

    /** Bytes; 1 for headers. */
    public long byteAlign() {
        return align;
    }

    @Override
    public String toString() {
        return name;
    }
}
