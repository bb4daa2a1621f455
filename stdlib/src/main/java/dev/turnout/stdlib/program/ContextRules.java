package dev.turnout.stdlib.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What programs of a type may do with the fields of their context. Lists name array fields by their stem: {@code cb} is all of
 * {@code cb[0..4]}.
 *
 * @param unreadable fields that they may not touch
 * @param writable fields that they may write
 * @param everythingWritable whether they may write all that they may read
 * @param restrictions what depends on where a program is attached
 */
record ContextRules(
        Set<String> unreadable, Set<String> writable, boolean everythingWritable, List<Restriction> restrictions) {
    /** Everything may be read and nothing written. */
    static final ContextRules READ_ONLY = new ContextRules(Set.of(), Set.of(), false, List.of());

    /** Everything may be read and written. */
    static final ContextRules READ_WRITE = new ContextRules(Set.of(), Set.of(), true, List.of());

    /**
     * Fields that may be touched at some places of attachment only.
     *
     * @param writes whether only writing is restricted
     */
    record Restriction(Set<String> fields, boolean writes, Set<AttachType> at) {
        boolean forbids(ContextField field, boolean write, AttachType attach) {
            return (write || !writes) && fields.contains(field.stem()) && !at.contains(attach);
        }
    }

    ContextRules without(String... fields) {
        return new ContextRules(Set.of(fields), writable, everythingWritable, restrictions);
    }

    ContextRules writing(String... fields) {
        return new ContextRules(unreadable, Set.of(fields), everythingWritable, restrictions);
    }

    /** One field is there at these places only. */
    ContextRules only(String field, AttachType... at) {
        return with(new Restriction(Set.of(field), false, Set.of(at)));
    }

    /** One field is written at these places only. */
    ContextRules writingOnly(String field, AttachType... at) {
        return with(new Restriction(Set.of(field), true, Set.of(at)));
    }

    private ContextRules with(Restriction restriction) {
        List<Restriction> more = new ArrayList<>(restrictions);
        more.add(restriction);
        return new ContextRules(unreadable, writable, everythingWritable, List.copyOf(more));
    }

    boolean mayRead(ContextField field, AttachType attach) {
        return !unreadable.contains(field.stem())
                && restrictions.stream().noneMatch(r -> r.forbids(field, false, attach));
    }

    boolean mayWrite(ContextField field, AttachType attach) {
        return (everythingWritable || writable.contains(field.stem()))
                && !unreadable.contains(field.stem())
                && restrictions.stream().noneMatch(r -> r.forbids(field, true, attach));
    }
}
