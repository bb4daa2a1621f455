package dev.turnout.frontend.type;

import dev.turnout.diagnostics.source.Span;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An {@code enum}, which is its declaration. A <i>closed</i> one holds its members only and so may not live where others
 * write; an <i>open</i> one holds any value of its underlying type. Declared first, completed once (member values may be
 * constant expressions).
 */
public final class EnumType implements Type {
    /**
     * A member.
     *
     * @param value fits the underlying type
     */
    public record Member(String name, BigInteger value, Span declared) {}

    private final String name;
    private final boolean open;
    private final Span declared;
    private @Nullable Int underlying;
    private @Nullable List<Member> members;
    private final HashMap<String, Member> byName = new HashMap<>();
    private final HashMap<BigInteger, Member> byValue = new HashMap<>();

    public EnumType(String name, boolean open, Span declared) {
        this.name = name;
        this.open = open;
        this.declared = declared;
    }

    /** Gives the underlying type and the members; once. */
    public void complete(Int underlying, List<Member> members) {
        if (this.members != null) {
            throw new IllegalStateException(name + " is complete already");
        }
        this.underlying = underlying;
        this.members = List.copyOf(members);
        for (Member member : members) {
            byName.put(member.name(), member);
            byValue.put(member.value(), member);
        }
    }

    public boolean isComplete() {
        return members != null;
    }

    public String name() {
        return name;
    }

    public boolean open() {
        return open;
    }

    public Span declared() {
        return declared;
    }

    /** The integer type that a value is kept as. */
    public Int underlying() {
        Int known = underlying;
        if (known == null) {
            throw new IllegalStateException(name + " is not complete");
        }
        return known;
    }

    /** In declared order; at least one. */
    public List<Member> members() {
        List<Member> known = members;
        if (known == null) {
            throw new IllegalStateException(name + " is not complete");
        }
        return known;
    }

    public Optional<Member> member(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public Optional<Member> member(BigInteger value) {
        return Optional.ofNullable(byValue.get(value));
    }

    /** Whether the values are 0 to n-1 in some order, so that the enum can index an array. */
    public boolean isDense() {
        BigInteger count = BigInteger.valueOf(members().size());
        for (Member member : members()) {
            // Values are distinct, so n of them inside 0..n-1 are all of it.
            if (member.value().signum() < 0 || member.value().compareTo(count) >= 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return name;
    }
}
