package dev.turnout.driver.describe;

import dev.turnout.ir.model.DebugType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A struct in C whose every byte has a name: padding is made of members, so that an initialiser clears it, which a key of a hash map needs.
 * Where C would lay it out otherwise it is packed; assertions behind it hold sizes and offsets.
 *
 * <p>Bit fields become those of C if they fill bytes from the lowest bit on, as compilers for little-endian machines place them; others are
 * bytes with a comment. Members that overlap (what was a union) are bytes, too.
 */
final class CStruct {
    private final String prefix;
    private final String name;
    private final DebugType.Struct struct;
    private final StringBuilder body = new StringBuilder();
    private final List<String> offsets = new ArrayList<>();
    private final Set<String> used = new HashSet<>();
    private long at;
    private long strictest = 1;
    private boolean packed;
    private int pads;

    private CStruct(String prefix, String name, DebugType.Struct struct) {
        this.prefix = prefix;
        this.name = name;
        this.struct = struct;
    }

    /**
     * The definition and its assertions.
     *
     * @param prefix of the names of all types
     * @param name behind it
     */
    static String of(String prefix, String name, DebugType.Struct struct) {
        return new CStruct(prefix, name, struct).text();
    }

    private String text() {
        List<DebugType.Member> members = struct.members().stream()
                .sorted(Comparator.comparingInt(DebugType.Member::bitOffset))
                .toList();
        for (int i = 0; i < members.size(); ) {
            i = members.get(i).bitSize() > 0 ? bits(members, i) : member(members, i);
        }
        pad(struct.size());
        packed |= struct.size() % strictest != 0;
        String tag = "struct " + prefix + name;
        StringBuilder text = new StringBuilder(tag).append(" {\n").append(body);
        text.append(packed ? "} __attribute__((packed));\n" : "};\n");
        text.append("_Static_assert(sizeof(")
                .append(tag)
                .append(") == ")
                .append(struct.size())
                .append(", \"")
                .append(prefix)
                .append(name)
                .append("\");\n");
        for (String offset : offsets) {
            text.append("_Static_assert(offsetof(")
                    .append(tag)
                    .append(", ")
                    .append(offset)
                    .append('\n');
        }
        return text.toString();
    }

    private int member(List<DebugType.Member> members, int i) {
        DebugType.Member member = members.get(i);
        long from = member.bitOffset() / 8;
        long size = member.type().size();
        if (size == 0) {
            return i + 1;
        }
        boolean overlaps =
                from < at || (i + 1 < members.size() && members.get(i + 1).bitOffset() / 8 < from + size);
        if (overlaps) {
            return union(members, i);
        }
        pad(from);
        String word = unused(member.name());
        packed |= from % CType.alignment(member.type()) != 0;
        strictest = Math.max(strictest, CType.alignment(member.type()));
        body.append("    ").append(CType.declare(prefix, member.type(), word)).append(';');
        String remark = CType.remark(member.type());
        body.append(remark.isEmpty() ? "\n" : " /* " + remark + " */\n");
        offsets.add(word + ") == " + from + ", \"" + word + "\");");
        at = from + size;
        return i + 1;
    }

    /** Members from {@code first} on that lie over each other, as bytes; the index behind them. */
    private int union(List<DebugType.Member> members, int first) {
        long from = Math.max(at, members.get(first).bitOffset() / 8);
        long end = from;
        StringBuilder names = new StringBuilder();
        int i = first;
        while (i < members.size() && (i == first || members.get(i).bitOffset() / 8 < end)) {
            DebugType.Member member = members.get(i++);
            end = Math.max(
                    end, member.bitOffset() / 8 + Math.max(1, member.type().size()));
            names.append(names.isEmpty() ? "" : ", ").append(member.name());
        }
        bytes(from, end, "one of " + names);
        return i;
    }

    /** Bit fields from {@code first} on that share bytes; the index behind them. */
    private int bits(List<DebugType.Member> members, int first) {
        int begin = members.get(first).bitOffset();
        int next = begin;
        int i = first;
        boolean plain = begin % 8 == 0;
        while (i < members.size() && members.get(i).bitSize() > 0 && (i == first || next % 8 != 0)) {
            DebugType.Member member = members.get(i++);
            plain &= member.bitOffset() == next
                    && member.bitOffset() / 8 == (member.bitOffset() + member.bitSize() - 1) / 8;
            next = Math.max(next, member.bitOffset() + member.bitSize());
        }
        plain &= next % 8 == 0;
        long end = (next + 7L) / 8;
        if (plain && begin / 8 >= at) {
            pad(begin / 8);
            for (DebugType.Member member : members.subList(first, i)) {
                body.append("    uint8_t ")
                        .append(unused(member.name()))
                        .append(" : ")
                        .append(member.bitSize())
                        .append(";\n");
            }
            at = end;
        } else {
            StringBuilder remark = new StringBuilder();
            for (DebugType.Member member : members.subList(first, i)) {
                remark.append(remark.isEmpty() ? "" : ", ")
                        .append(member.name())
                        .append(": ")
                        .append(member.bitSize())
                        .append(" bits from bit ")
                        .append(member.bitOffset() - begin / 8 * 8);
            }
            bytes(Math.max(at, begin / 8), end, remark.toString());
        }
        return i;
    }

    private void bytes(long from, long end, String remark) {
        pad(from);
        if (end > from) {
            String word = unused("bytes" + from);
            body.append("    uint8_t ")
                    .append(word)
                    .append('[')
                    .append(end - from)
                    .append("]; /* ")
                    .append(CWords.comment(remark))
                    .append(" */\n");
            offsets.add(word + ") == " + from + ", \"" + word + "\");");
            at = end;
        }
    }

    private void pad(long to) {
        if (to > at) {
            body.append("    uint8_t ")
                    .append(unused("pad" + pads++))
                    .append('[')
                    .append(to - at)
                    .append("];\n");
            at = to;
        }
    }

    /** A name that no member has yet. */
    private String unused(String wanted) {
        String word = CWords.identifier(wanted);
        while (!used.add(word)) {
            word += "_";
        }
        return word;
    }
}
