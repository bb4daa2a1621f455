package dev.turnout.bpf.btf;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code .BTF} and {@code .BTF.ext}, little endian. The first thing that is wrong is reported with its offset, and
 * reading ends.
 */
public final class BtfReader {
    private static final int LONGEST_NAME = 4096;

    private final ByteBuffer strings;
    private final Btf btf;
    private final Map<Integer, String> decoded = new HashMap<>();
    private long budget;

    /** What goes wrong inside; never leaves this package. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Broken(String message) {
            super(message, null, false, false);
        }

        String what() {
            return String.valueOf(getMessage());
        }
    }

    private BtfReader(ByteBuffer strings, Btf btf) {
        this.strings = strings;
        this.btf = btf;
        budget = 16L * strings.limit() + 1_000_000;
    }

    /** The types; what {@link #ext} needs to read the other section. */
    public Btf btf() {
        return btf;
    }

    /**
     * Reads a {@code .BTF} section.
     *
     * @return nothing if a mistake was reported
     */
    public static Optional<BtfReader> read(ByteString section, Diagnostics diagnostics) {
        try {
            return Optional.of(open(section.asBuffer()));
        } catch (Broken broken) {
            diagnostics.report(Diagnostic.general(DiagnosticCode.O0118, "`.BTF`: " + broken.what()));
            return Optional.empty();
        }
    }

    /** Reads the {@code .BTF.ext} section that belongs to these types. */
    public Optional<BtfExt> ext(ByteString section, Diagnostics diagnostics) {
        try {
            return Optional.of(ext(section.asBuffer()));
        } catch (Broken broken) {
            diagnostics.report(Diagnostic.general(DiagnosticCode.O0119, "`.BTF.ext`: " + broken.what()));
            return Optional.empty();
        }
    }

    private static int header(ByteBuffer in, int least) {
        if (in.limit() < least) {
            throw new Broken("has " + in.limit() + " bytes, its header alone needs " + least);
        }
        int magic = in.getShort(0) & 0xffff;
        if (magic == 0x9feb) {
            throw new Broken("is big-endian; only little-endian objects are read");
        }
        if (magic != Btf.MAGIC) {
            throw new Broken("begins with 0x" + Integer.toHexString(magic) + ", must begin with 0xeb9f");
        }
        if (in.get(2) != 1) {
            throw new Broken("is of version " + in.get(2) + "; version 1 is known");
        }
        int length = in.getInt(4);
        if (length < least || length > in.limit()) {
            throw new Broken("states a header of " + Integer.toUnsignedString(length) + " bytes at offset 4");
        }
        return length;
    }

    /** The range that the pair at {@code at} names, behind a header of {@code base} bytes. */
    private static ByteBuffer range(ByteBuffer in, int base, int at) {
        long offset = Integer.toUnsignedLong(in.getInt(at));
        long length = Integer.toUnsignedLong(in.getInt(at + 4));
        if (base + offset + length > in.limit()) {
            throw new Broken("names bytes " + (base + offset) + " to " + (base + offset + length) + " at offset " + at
                    + ", it has " + in.limit());
        }
        return in.slice((int) (base + offset), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Of no types at all. */
    BtfReader() {
        this(ByteBuffer.allocate(0), Btf.EMPTY);
    }

    /** A reader that knows the strings of a section and none of its types: {@link #decode} reads those one by one. */
    static BtfReader strings(ByteBuffer in) {
        return new BtfReader(nameTable(in, header(in, 24)), Btf.EMPTY);
    }

    /** The records of a section. */
    static ByteBuffer types(ByteBuffer in) {
        return range(in, header(in, 24), 8);
    }

    /** One record; nothing if it is broken. What it refers to is not looked at. */
    synchronized Optional<BtfType> decode(ByteBuffer types, int at, int id) {
        try {
            return Optional.of(
                    type(types.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(at), id));
        } catch (Broken _) {
            return Optional.empty();
        }
    }

    /** The hash of a name, as {@link String#hashCode} has it for names of ASCII. */
    int hash(int offset) {
        if (offset < 0 || offset >= strings.limit()) {
            throw new Broken("names a string at " + Integer.toUnsignedString(offset) + ", its strings have "
                    + strings.limit() + " bytes");
        }
        int hash = 0;
        for (int at = offset, last = offset + LONGEST_NAME; at < last && strings.get(at) != 0; at++) {
            hash = hash * 31 + strings.get(at);
        }
        return hash;
    }

    private static ByteBuffer nameTable(ByteBuffer in, int header) {
        ByteBuffer strings = range(in, header, 16);
        if (strings.limit() == 0 || strings.get(0) != 0 || strings.get(strings.limit() - 1) != 0) {
            throw new Broken("its strings do not begin and end with a zero byte");
        }
        return strings;
    }

    private static BtfReader open(ByteBuffer in) {
        int header = header(in, 24);
        ByteBuffer types = range(in, header, 8);
        ByteBuffer strings = nameTable(in, header);
        BtfReader reader = new BtfReader(strings, Btf.EMPTY);
        List<BtfType> records = new ArrayList<>();
        while (types.hasRemaining()) {
            records.add(reader.type(types, records.size() + 1));
        }
        for (int i = 0; i < records.size(); i++) {
            checkReferences(records.get(i), i + 1, records.size());
        }
        return new BtfReader(strings, new Btf(records));
    }

    private String string(int offset) {
        return decoded.computeIfAbsent(offset, this::decode);
    }

    private String decode(int offset) {
        if (offset < 0 || offset >= strings.limit()) {
            throw new Broken("names a string at " + Integer.toUnsignedString(offset) + ", its strings have "
                    + strings.limit() + " bytes");
        }
        int end = offset;
        while (strings.get(end) != 0) {
            end++;
        }
        // Source lines may be long, but a hostile table could name one huge string from every record.
        int length = Math.min(end - offset, LONGEST_NAME);
        budget -= length;
        if (budget < 0) {
            throw new Broken("names so many overlapping strings that they are no names");
        }
        byte[] bytes = new byte[length];
        strings.get(offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int next(ByteBuffer in, int id) {
        if (in.remaining() < 4) {
            throw new Broken("type " + id + " is cut off at the end of the types");
        }
        return in.getInt();
    }

    private BtfType type(ByteBuffer in, int id) {
        String name = string(next(in, id));
        int info = next(in, id);
        int sizeOrType = next(in, id);
        int kind = info >>> 24 & 0x7f;
        int length = info & 0xff_ffff;
        boolean flag = info < 0;
        long size = Integer.toUnsignedLong(sizeOrType);
        return switch (kind) {
            case 1 -> {
                int word = next(in, id);
                if (size > 16) {
                    throw new Broken("type " + id + " is a number of " + size + " bytes");
                }
                yield new BtfType.Int(name, sizeOrType, word >>> 24 & 0xf, word >>> 16 & 0xff, word & 0xff);
            }
            case 2 -> new BtfType.Pointer(sizeOrType);
            case 3 -> new BtfType.Array(next(in, id), next(in, id), Integer.toUnsignedLong(next(in, id)));
            case 4, 5 -> new BtfType.Composite(name, kind == 5, size, members(in, id, length, flag));
            case 6, 19 -> enumeration(in, id, name, kind == 19, flag, sizeOrType, length);
            case 7 -> new BtfType.Forward(name, flag);
            case 8 -> new BtfType.Typedef(name, sizeOrType);
            case 9 -> new BtfType.Modifier(BtfType.Modifier.Kind.VOLATILE, "", sizeOrType);
            case 10 -> new BtfType.Modifier(BtfType.Modifier.Kind.CONST, "", sizeOrType);
            case 11 -> new BtfType.Modifier(BtfType.Modifier.Kind.RESTRICT, "", sizeOrType);
            case 12 -> new BtfType.Function(name, sizeOrType, linkage(length, id));
            case 13 -> {
                List<BtfType.Parameter> parameters = new ArrayList<>();
                for (int i = 0; i < length; i++) {
                    parameters.add(new BtfType.Parameter(string(next(in, id)), next(in, id)));
                }
                yield new BtfType.Prototype(sizeOrType, parameters);
            }
            case 14 -> new BtfType.Variable(name, sizeOrType, linkage(next(in, id), id));
            case 15 -> {
                List<BtfType.Placement> variables = new ArrayList<>();
                for (int i = 0; i < length; i++) {
                    variables.add(new BtfType.Placement(
                            next(in, id), Integer.toUnsignedLong(next(in, id)), Integer.toUnsignedLong(next(in, id))));
                }
                yield new BtfType.DataSection(name, size, variables);
            }
            case 16 -> new BtfType.FloatingPoint(name, (int) Math.min(size, 16));
            case 17 -> new BtfType.DeclarationTag(name, sizeOrType, next(in, id));
            case 18 -> new BtfType.Modifier(BtfType.Modifier.Kind.TYPE_TAG, name, sizeOrType);
            default -> throw new Broken("type " + id + " is of the unknown kind " + kind);
        };
    }

    private List<BtfType.Member> members(ByteBuffer in, int id, int length, boolean bitFields) {
        List<BtfType.Member> members = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            String name = string(next(in, id));
            int type = next(in, id);
            int place = next(in, id);
            members.add(
                    bitFields
                            ? new BtfType.Member(name, type, place & 0xff_ffff, place >>> 24)
                            : new BtfType.Member(name, type, place, 0));
        }
        return members;
    }

    private BtfType enumeration(
            ByteBuffer in, int id, String name, boolean wide, boolean signed, int bytes, int length) {
        // One that is only declared has no size yet; C gives it that of an int.
        int size = bytes == 0 && length == 0 ? 4 : bytes;
        if (size != 1 && size != 2 && size != 4 && size != 8) {
            throw new Broken("type " + id + " is an enumeration of " + Integer.toUnsignedString(bytes) + " bytes");
        }
        List<BtfType.Enumerator> members = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            String member = string(next(in, id));
            int low = next(in, id);
            long value = signed ? low : Integer.toUnsignedLong(low);
            if (wide) {
                value = Integer.toUnsignedLong(low) | (long) next(in, id) << 32;
            }
            members.add(new BtfType.Enumerator(member, value));
        }
        return new BtfType.Enumeration(name, size, signed, members);
    }

    private static BtfType.Linkage linkage(int code, int id) {
        if (code < 0 || code > 2) {
            throw new Broken("type " + id + " has the unknown linkage " + code);
        }
        return BtfType.Linkage.of(code);
    }

    private static void checkReferences(BtfType type, int id, int count) {
        switch (type) {
            case BtfType.Int _, BtfType.Enumeration _, BtfType.Forward _, BtfType.FloatingPoint _ -> {}
            case BtfType.Pointer(int to) -> check(to, id, count);
            case BtfType.Array(int of, int index, long _) -> {
                check(of, id, count);
                check(index, id, count);
            }
            case BtfType.Composite composite -> composite.members().forEach(member -> check(member.type(), id, count));
            case BtfType.Typedef typedef -> check(typedef.to(), id, count);
            case BtfType.Modifier modifier -> check(modifier.to(), id, count);
            case BtfType.Function function -> check(function.prototype(), id, count);
            case BtfType.Prototype prototype -> {
                check(prototype.result(), id, count);
                prototype.parameters().forEach(parameter -> check(parameter.type(), id, count));
            }
            case BtfType.Variable variable -> check(variable.type(), id, count);
            case BtfType.DataSection section ->
                section.variables().forEach(placement -> check(placement.variable(), id, count));
            case BtfType.DeclarationTag tag -> check(tag.to(), id, count);
        }
    }

    private static void check(int to, int id, int count) {
        if (to < 0 || to > count) {
            throw new Broken("type " + id + " refers to type " + Integer.toUnsignedString(to) + ", there are " + count);
        }
    }

    private BtfExt ext(ByteBuffer in) {
        int header = header(in, 24);
        Map<String, List<BtfExt.FunctionInfo>> functions = new LinkedHashMap<>();
        Map<String, List<BtfExt.LineInfo>> lines = new LinkedHashMap<>();
        Map<String, List<BtfExt.CoreRelocation>> relocations = new LinkedHashMap<>();
        records(
                range(in, header, 8),
                8,
                (section, one) -> functions
                        .computeIfAbsent(section, _ -> new ArrayList<>())
                        .add(new BtfExt.FunctionInfo(Integer.toUnsignedLong(one.getInt()), one.getInt())));
        records(range(in, header, 16), 16, (section, one) -> {
            long offset = Integer.toUnsignedLong(one.getInt());
            String file = string(one.getInt());
            String text = string(one.getInt());
            int place = one.getInt();
            lines.computeIfAbsent(section, _ -> new ArrayList<>())
                    .add(new BtfExt.LineInfo(offset, file, text, place >>> 10, place & 0x3ff));
        });
        if (header >= 32) {
            records(range(in, header, 24), 16, (section, one) -> {
                long offset = Integer.toUnsignedLong(one.getInt());
                int type = one.getInt();
                String access = string(one.getInt());
                relocations
                        .computeIfAbsent(section, _ -> new ArrayList<>())
                        .add(new BtfExt.CoreRelocation(offset, type, access, one.getInt()));
            });
        }
        return new BtfExt(functions, lines, relocations);
    }

    private interface RecordReader {
        void read(String section, ByteBuffer one);
    }

    /** A run of {@code u32 record size, (u32 section name, u32 count, records)…}. */
    private void records(ByteBuffer in, int least, RecordReader reader) {
        if (!in.hasRemaining()) {
            return;
        }
        int size = word(in);
        if (size < least || size > 252) {
            throw new Broken(
                    "has records of " + Integer.toUnsignedString(size) + " bytes, at least " + least + " are needed");
        }
        while (in.hasRemaining()) {
            String section = string(word(in));
            long count = Integer.toUnsignedLong(word(in));
            if (count * size > in.remaining()) {
                throw new Broken("states " + count + " records of section `" + section + "`, there is room for "
                        + in.remaining() / size);
            }
            for (long i = 0; i < count; i++) {
                reader.read(section, in.slice(in.position(), size).order(ByteOrder.LITTLE_ENDIAN));
                in.position(in.position() + size);
            }
        }
    }

    private static int word(ByteBuffer in) {
        if (in.remaining() < 4) {
            throw new Broken("ends inside a record");
        }
        return in.getInt();
    }
}
