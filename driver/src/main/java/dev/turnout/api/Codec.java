package dev.turnout.api;

import dev.turnout.ir.model.DebugType;
import dev.turnout.runtime.map.Datum;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How values of a Java type stand for data of a program's type: a number for a number, an enum for an enumeration of the same names, a
 * record for a struct of the same fields, a list for an array, {@code byte[]} for bytes. Whether the two go together is found out once,
 * when a codec is made.
 *
 * @param read of data that the type's bytes gave
 * @param write the data that becomes the type's bytes
 */
record Codec(Function<Datum, Object> read, Function<Object, Datum> write) {
    private static final Map<Class<?>, Class<?>> BOXES = Map.of(
            long.class,
            Long.class,
            int.class,
            Integer.class,
            short.class,
            Short.class,
            byte.class,
            Byte.class,
            boolean.class,
            Boolean.class);

    /** What the numbers of Java can hold, in bits. */
    private static final Map<Class<?>, Integer> WIDTHS =
            Map.of(Long.class, 64, Integer.class, 32, Short.class, 16, Byte.class, 8);

    /**
     * A codec.
     *
     * @param where what it is for, in words
     * @throws IllegalArgumentException if the types do not go together: says where and why
     */
    static Codec of(Type java, DebugType type, String where) {
        Class<?> raw = java instanceof ParameterizedType generic ? (Class<?>) generic.getRawType() : (Class<?>) java;
        Class<?> boxed = BOXES.getOrDefault(raw, raw);
        return switch (type) {
            case DebugType.Typedef named -> of(java, named.of(), where);
            case DebugType.Integer number -> number(boxed, number, where);
            case DebugType.Enumeration enumeration -> enumeration(boxed, enumeration, where);
            case DebugType.Struct struct when boxed.isRecord() -> record(boxed, struct, where);
            case DebugType.Array array
            when boxed == List.class && java instanceof ParameterizedType list ->
                list(of(list.getActualTypeArguments()[0], array.of(), where + "[]"));
            case DebugType.Struct _, DebugType.Array _, DebugType.Void _ when boxed == byte[].class -> hex(type, where);
            case DebugType.Struct struct ->
                throw unfit(where, "a record with the fields of `" + struct.name() + "`", java);
            case DebugType.Array _ -> throw unfit(where, "a List", java);
            case DebugType.Void _ -> throw unfit(where, "byte[], since the object states no type", java);
            case DebugType.Pointer _, DebugType.Function _ -> throw unfit(where, "nothing that is written", java);
        };
    }

    private static IllegalArgumentException unfit(String where, String wanted, Type java) {
        return new IllegalArgumentException(where + " is " + wanted + " in Java, not " + java.getTypeName());
    }

    private static Codec number(Class<?> boxed, DebugType.Integer type, String where) {
        if (boxed == Boolean.class && type.encoding() == DebugType.Encoding.BOOL) {
            return new Codec(datum -> big(datum).signum() != 0, value -> new Datum.Flag((Boolean) value));
        }
        if (boxed == BigInteger.class) {
            return new Codec(Codec::big, value -> new Datum.Number((BigInteger) value));
        }
        Integer width = WIDTHS.get(boxed);
        if (width == null || width < type.bits()) {
            throw unfit(where, "a number of " + type.bits() + " bits or more", boxed);
        }
        boolean signed = type.encoding() == DebugType.Encoding.SIGNED;
        return new Codec(datum -> box(boxed, big(datum).longValue()), value -> {
            long bits = ((Number) value).longValue();
            // Java has no unsigned numbers: -1 is the largest one.
            return signed ? Datum.of(bits) : Datum.ofUnsigned(bits & (-1L >>> (64 - width)));
        });
    }

    private static Object box(Class<?> boxed, long value) {
        return boxed == Long.class
                ? (Object) value
                : boxed == Integer.class
                        ? (Object) (int) value
                        : boxed == Short.class ? (Object) (short) value : (byte) value;
    }

    private static BigInteger big(Datum datum) {
        return switch (datum) {
            case Datum.Number(BigInteger value) -> value;
            case Datum.Flag(boolean value) -> value ? BigInteger.ONE : BigInteger.ZERO;
            case Datum.Text _, Datum.Items _, Datum.Fields _ ->
                throw new IllegalStateException("a number was shown as " + datum.word());
        };
    }

    private static Codec enumeration(Class<?> boxed, DebugType.Enumeration type, String where) {
        if (boxed == String.class) {
            return new Codec(
                    datum -> datum instanceof Datum.Text(String name)
                            ? name
                            : big(datum).toString(),
                    value -> new Datum.Text((String) value));
        }
        if (!boxed.isEnum()) {
            int bits = type.bytes() * 8;
            Codec number = number(
                    boxed,
                    new DebugType.Integer(
                            type.name(), bits, type.signed() ? DebugType.Encoding.SIGNED : DebugType.Encoding.UNSIGNED),
                    where);
            Map<String, Long> values = type.members().stream()
                    .collect(Collectors.toMap(DebugType.Enumerator::name, DebugType.Enumerator::value));
            return new Codec(
                    datum -> number.read.apply(
                            datum instanceof Datum.Text(String name) ? Datum.of(values.getOrDefault(name, 0L)) : datum),
                    number.write);
        }
        Map<String, Object> constants = Arrays.stream(boxed.getEnumConstants())
                .collect(Collectors.toMap(one -> ((Enum<?>) one).name(), one -> one));
        for (DebugType.Enumerator member : type.members()) {
            if (!constants.containsKey(member.name())) {
                throw unfit(where, "an enum with the member `" + member.name() + "`", boxed);
            }
        }
        return new Codec(
                datum -> {
                    Object constant = datum instanceof Datum.Text(String name) ? constants.get(name) : null;
                    if (constant == null) {
                        throw new MapException(
                                where + " is " + big(datum) + ", for which `" + type.name() + "` has no name");
                    }
                    return constant;
                },
                value -> new Datum.Text(((Enum<?>) value).name()));
    }

    private static Codec list(Codec element) {
        return new Codec(
                datum ->
                        ((Datum.Items) datum).items().stream().map(element.read).toList(),
                value -> new Datum.Items(((List<?>) value)
                        .stream().map(one -> element.write.apply(one)).toList()));
    }

    private static Codec hex(DebugType type, String where) {
        if (!(type instanceof DebugType.Void) && !isBytes(type)) {
            throw unfit(where, "a record or a List", byte[].class);
        }
        return new Codec(
                datum -> switch (datum) {
                    case Datum.Text(String digits) -> HexFormat.of().parseHex(digits);
                    case Datum.Items(List<Datum> items) -> {
                        byte[] bytes = new byte[items.size()];
                        for (int i = 0; i < bytes.length; i++) {
                            bytes[i] = big(items.get(i)).byteValue();
                        }
                        yield bytes;
                    }
                    case Datum.Number _, Datum.Flag _, Datum.Fields _ ->
                        throw new IllegalStateException(where + " was shown as " + datum.word());
                },
                value -> new Datum.Text(HexFormat.of().formatHex((byte[]) value)));
    }

    private static boolean isBytes(DebugType type) {
        return (type instanceof DebugType.Array array && array.of().size() == 1)
                || (type instanceof DebugType.Struct struct && struct.members().isEmpty());
    }

    private static Codec record(Class<?> type, DebugType.Struct struct, String where) {
        Map<String, RecordComponent> components = new LinkedHashMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            component.getAccessor().setAccessible(true);
            components.put(component.getName(), component);
        }
        List<String> fields =
                struct.members().stream().map(DebugType.Member::name).toList();
        if (components.size() != fields.size() || !components.keySet().containsAll(fields)) {
            throw unfit(where, "a record of " + fields, type);
        }
        Map<String, Codec> codecs = new LinkedHashMap<>();
        for (DebugType.Member member : struct.members()) {
            RecordComponent component = components.get(member.name());
            if (component != null) {
                codecs.put(member.name(), of(component.getGenericType(), member.type(), where + "." + member.name()));
            }
        }
        Constructor<?> constructor = canonical(type, components);
        return new Codec(
                datum -> {
                    Map<String, Datum> read = ((Datum.Fields) datum).fields();
                    List<Object> arguments = new ArrayList<>();
                    components
                            .keySet()
                            .forEach(name -> arguments.add(of(codecs, name).read.apply(of(read, name))));
                    return call(() -> constructor.newInstance(arguments.toArray()));
                },
                value -> {
                    Map<String, Datum> written = new LinkedHashMap<>();
                    codecs.forEach((name, codec) -> written.put(
                            name,
                            codec.write.apply(call(
                                    () -> of(components, name).getAccessor().invoke(value)))));
                    return new Datum.Fields(written);
                });
    }

    private static <T> T of(Map<String, T> all, String name) {
        T found = all.get(name);
        if (found == null) {
            throw new IllegalStateException("there is no `" + name + "`");
        }
        return found;
    }

    private static Constructor<?> canonical(Class<?> type, Map<String, RecordComponent> components) {
        Class<?>[] types =
                components.values().stream().map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor;
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException("a record without its constructor", impossible);
        }
    }

    /** A call by reflection. */
    private interface Call {
        Object run() throws ReflectiveOperationException;
    }

    private static Object call(Call call) {
        try {
            return call.run();
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof RuntimeException own) {
                throw own;
            }
            throw new IllegalArgumentException("a record cannot be made or read", thrown.getCause());
        } catch (ReflectiveOperationException hidden) {
            throw new IllegalArgumentException("a record cannot be made or read", hidden);
        }
    }
}
