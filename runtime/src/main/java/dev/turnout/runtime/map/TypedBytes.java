package dev.turnout.runtime.map;

import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.DebugType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Bytes as data of a type, and back. Numbers are numbers, in their own byte order; {@code bool} is a truth value; an
 * enumeration is its member's name, or a number if no member has the value; a struct is an object of its fields; an array is a
 * list; bytes without a type are lower-case hex. Reading takes all of these and, for any type, hex of the right length; padding
 * becomes zero.
 *
 * <p>Bytes may be more than the type describes (a {@code u8} key of an array is widened to 4 bytes): the rest is not shown,
 * and zero when written.
 */
public final class TypedBytes {
    private TypedBytes() {}

    /** The bytes as data; bytes that are fewer than the type's are shown as hex. */
    public static Datum show(DebugType type, ByteString bytes) {
        if (bytes.size() < type.size()) {
            return new Datum.Text(bytes.toString());
        }
        return switch (type) {
            case DebugType.Void _, DebugType.Function _ -> new Datum.Text(bytes.toString());
            case DebugType.Integer number -> number(number, bits(bytes, 0, number.bits(), bigEndian(number.name())));
            case DebugType.Typedef named
            when named.of() instanceof DebugType.Integer number ->
                number(number, bits(bytes, 0, number.bits(), bigEndian(named.name())));
            case DebugType.Typedef named -> show(named.of(), bytes);
            case DebugType.Pointer _ -> Datum.ofUnsigned(bits(bytes, 0, 64, false));
            case DebugType.Enumeration enumeration -> enumeration(enumeration, bytes);
            case DebugType.Array array -> array(array, bytes);
            case DebugType.Struct struct when struct.members().isEmpty() -> new Datum.Text(bytes.toString());
            case DebugType.Struct struct -> struct(struct, bytes);
        };
    }

    private static Datum number(DebugType.Integer type, long raw) {
        return number(type.encoding(), type.bits(), raw);
    }

    private static Datum number(DebugType.Encoding encoding, int bits, long raw) {
        return switch (encoding) {
            case BOOL -> raw == 0 || raw == 1 ? new Datum.Flag(raw == 1) : Datum.ofUnsigned(raw);
            case SIGNED -> Datum.of((raw << (64 - bits)) >> (64 - bits));
            case UNSIGNED, CHAR -> Datum.ofUnsigned(raw);
        };
    }

    private static Datum enumeration(DebugType.Enumeration type, ByteString bytes) {
        int bits = type.bytes() * 8;
        long raw = bits(bytes, 0, bits, false);
        long value = type.signed() ? (raw << (64 - bits)) >> (64 - bits) : raw;
        for (DebugType.Enumerator member : type.members()) {
            if (member.value() == value) {
                return new Datum.Text(member.name());
            }
        }
        return type.signed() ? Datum.of(value) : Datum.ofUnsigned(value);
    }

    private static Datum array(DebugType.Array type, ByteString bytes) {
        List<Datum> items = new ArrayList<>();
        int size = (int) type.of().size();
        for (int i = 0; i < type.count(); i++) {
            items.add(show(type.of(), bytes.slice(i * size, (i + 1) * size)));
        }
        return new Datum.Items(items);
    }

    private static Datum struct(DebugType.Struct type, ByteString bytes) {
        Map<String, Datum> fields = new LinkedHashMap<>();
        for (DebugType.Member member : type.members()) {
            fields.put(member.name(), member(member, bytes));
        }
        return new Datum.Fields(fields);
    }

    private static Datum member(DebugType.Member member, ByteString bytes) {
        if (member.bitSize() > 0) {
            return bitField(member, bits(bytes, member.bitOffset(), member.bitSize(), false));
        }
        int at = member.bitOffset() / 8;
        int end = at + (int) member.type().size();
        return end > bytes.size() ? new Datum.Text("") : show(member.type(), bytes.slice(at, end));
    }

    private static Datum bitField(DebugType.Member member, long raw) {
        return switch (plain(member.type())) {
            case DebugType.Integer number -> number(number.encoding(), member.bitSize(), raw);
            case DebugType.Enumeration enumeration -> {
                for (DebugType.Enumerator one : enumeration.members()) {
                    if (one.value() == raw) {
                        yield new Datum.Text(one.name());
                    }
                }
                yield Datum.ofUnsigned(raw);
            }
            case DebugType.Void _,
                    DebugType.Typedef _,
                    DebugType.Pointer _,
                    DebugType.Array _,
                    DebugType.Struct _,
                    DebugType.Function _ -> Datum.ofUnsigned(raw);
        };
    }

    /**
     * The bytes of a datum.
     *
     * @param size bytes wanted: those of the type, or more
     * @return empty if the datum does not fit the type; {@code why} then says where and what was wanted
     */
    public static Optional<ByteString> read(DebugType type, Datum datum, int size, StringBuilder why) {
        byte[] bytes = new byte[size];
        return write(type, datum, bytes, 0, size, "", why) ? Optional.of(ByteString.copyOf(bytes)) : Optional.empty();
    }

    private static boolean write(
            DebugType type, Datum datum, byte[] to, int at, int size, String path, StringBuilder why) {
        if (type.size() > size) {
            return wrong(why, path, "the type takes " + type.size() + " bytes, the map gives it " + size);
        }
        return switch (type) {
            case DebugType.Void _, DebugType.Function _ -> hex(datum, to, at, size, path, why);
            case DebugType.Integer number -> integer(number, bigEndian(number.name()), datum, to, at, path, why);
            case DebugType.Typedef named
            when named.of() instanceof DebugType.Integer number ->
                integer(number, bigEndian(named.name()), datum, to, at, path, why);
            case DebugType.Typedef named -> write(named.of(), datum, to, at, size, path, why);
            case DebugType.Pointer _ -> wrong(why, path, "an address cannot be written");
            case DebugType.Enumeration enumeration -> enumerator(enumeration, datum, to, at, path, why);
            case DebugType.Array array -> array(array, datum, to, at, path, why);
            case DebugType.Struct struct ->
                datum instanceof Datum.Fields fields
                        ? struct(struct, fields, to, at, path, why)
                        : datum instanceof Datum.Text
                                ? hex(datum, to, at, (int) struct.size(), path, why)
                                : wrong(
                                        why,
                                        path,
                                        "an object with the fields of `" + struct.name() + "` was wanted, not "
                                                + datum.word());
        };
    }

    private static boolean integer(
            DebugType.Integer type, boolean big, Datum datum, byte[] to, int at, String path, StringBuilder why) {
        Optional<BigInteger> value = numberOf(datum);
        if (value.isEmpty()) {
            return wrong(why, path, "a number (`" + type.name() + "`) was wanted, not " + datum.word());
        }
        boolean signed = type.encoding() == DebugType.Encoding.SIGNED;
        int bits = type.encoding() == DebugType.Encoding.BOOL ? 1 : type.bits();
        if (!fits(value.get(), bits, signed)) {
            return wrong(why, path, value.get() + " is no `" + type.name() + "`");
        }
        putBits(to, at * 8, type.bits(), value.get().longValue(), big);
        return true;
    }

    private static boolean enumerator(
            DebugType.Enumeration type, Datum datum, byte[] to, int at, String path, StringBuilder why) {
        if (datum instanceof Datum.Text(String name)) {
            for (DebugType.Enumerator member : type.members()) {
                if (member.name().equals(name)) {
                    putBits(to, at * 8, type.bytes() * 8, member.value(), false);
                    return true;
                }
            }
            return wrong(why, path, "`" + type.name() + "` has no member `" + name + "`");
        }
        Optional<BigInteger> value = numberOf(datum);
        if (value.isEmpty() || !fits(value.get(), type.bytes() * 8, type.signed())) {
            return wrong(why, path, "a member of `" + type.name() + "` was wanted, or its number");
        }
        putBits(to, at * 8, type.bytes() * 8, value.get().longValue(), false);
        return true;
    }

    private static boolean array(DebugType.Array type, Datum datum, byte[] to, int at, String path, StringBuilder why) {
        int size = (int) type.of().size();
        if (datum instanceof Datum.Text) {
            return hex(datum, to, at, (int) type.size(), path, why);
        }
        if (!(datum instanceof Datum.Items(List<Datum> items))) {
            return wrong(why, path, "a list was wanted, not " + datum.word());
        }
        if (items.size() != type.count()) {
            return wrong(why, path, "a list of " + type.count() + " was wanted, this one has " + items.size());
        }
        for (int i = 0; i < items.size(); i++) {
            if (!write(type.of(), items.get(i), to, at + i * size, size, path + "[" + i + "]", why)) {
                return false;
            }
        }
        return true;
    }

    private static boolean struct(
            DebugType.Struct type, Datum.Fields fields, byte[] to, int at, String path, StringBuilder why) {
        for (String name : fields.fields().keySet()) {
            if (type.members().stream().noneMatch(member -> member.name().equals(name))) {
                return wrong(why, path, "`" + type.name() + "` has no field `" + name + "`");
            }
        }
        for (DebugType.Member member : type.members()) {
            Datum datum = fields.fields().get(member.name());
            String inner = path.isEmpty() ? member.name() : path + "." + member.name();
            if (datum == null) {
                return wrong(why, inner, "it is missing");
            }
            if (member.bitSize() > 0) {
                Optional<BigInteger> value = numberOf(datum);
                if (value.isEmpty() || !fits(value.get(), member.bitSize(), false)) {
                    return wrong(why, inner, "a number of " + member.bitSize() + " bits was wanted");
                }
                putBits(
                        to,
                        at * 8 + member.bitOffset(),
                        member.bitSize(),
                        value.get().longValue(),
                        false);
            } else if (!write(
                    member.type(),
                    datum,
                    to,
                    at + member.bitOffset() / 8,
                    (int) member.type().size(),
                    inner,
                    why)) {
                return false;
            }
        }
        return true;
    }

    private static boolean hex(Datum datum, byte[] to, int at, int size, String path, StringBuilder why) {
        if (!(datum instanceof Datum.Text(String text))) {
            return wrong(why, path, size + " bytes in hex were wanted, not " + datum.word());
        }
        String digits = text.startsWith("0x") ? text.substring(2) : text;
        byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException notHex) {
            return wrong(why, path, "`" + text + "` is not hex");
        }
        if (bytes.length != size) {
            return wrong(why, path, size + " bytes in hex were wanted, these are " + bytes.length);
        }
        System.arraycopy(bytes, 0, to, at, size);
        return true;
    }

    private static Optional<BigInteger> numberOf(Datum datum) {
        return switch (datum) {
            case Datum.Number(BigInteger value) -> Optional.of(value);
            case Datum.Flag(boolean value) -> Optional.of(value ? BigInteger.ONE : BigInteger.ZERO);
            case Datum.Text _, Datum.Items _, Datum.Fields _ -> Optional.empty();
        };
    }

    private static boolean wrong(StringBuilder why, String path, String message) {
        if (!path.isEmpty()) {
            why.append("`").append(path).append("`: ");
        }
        why.append(message);
        return false;
    }

    private static boolean fits(BigInteger value, int bits, boolean signed) {
        return signed ? value.bitLength() < bits : value.signum() >= 0 && value.bitLength() <= bits;
    }

    /** Names that say network order: the language's and the kernel's. */
    private static boolean bigEndian(String name) {
        return switch (name) {
            case "be16", "be32", "be64", "__be16", "__be32", "__be64" -> true;
            default -> false;
        };
    }

    private static DebugType plain(DebugType type) {
        return type instanceof DebugType.Typedef named ? plain(named.of()) : type;
    }

    /** Bits counted from the least significant one of the first byte; whole bytes may be in network order. */
    private static long bits(ByteString bytes, int bitOffset, int bits, boolean big) {
        long value = 0;
        for (int i = 0; i < bits; i++) {
            int bit = bitOffset + i;
            if (((bytes.at(bit >> 3) >> (bit & 7)) & 1) != 0) {
                value |= 1L << i;
            }
        }
        return big ? Long.reverseBytes(value) >>> (64 - bits) : value;
    }

    private static void putBits(byte[] bytes, int bitOffset, int bits, long value, boolean big) {
        long ordered = big ? Long.reverseBytes(value) >>> (64 - bits) : value;
        for (int i = 0; i < bits; i++) {
            int bit = bitOffset + i;
            int mask = 1 << (bit & 7);
            boolean set = ((ordered >>> i) & 1) != 0;
            bytes[bit >> 3] = (byte) (set ? bytes[bit >> 3] | mask : bytes[bit >> 3] & ~mask);
        }
    }
}
