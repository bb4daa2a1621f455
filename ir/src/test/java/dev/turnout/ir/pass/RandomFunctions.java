package dev.turnout.ir.pass;

import dev.turnout.ir.model.AtomicOp;
import dev.turnout.ir.model.BinaryOp;
import dev.turnout.ir.model.CompareOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes random modules as text: arbitrary graphs with loops, over slots, globals, packets, helpers and keys. Values cross
 * blocks through slots, through parameters of blocks and by dominance of the entry, so that everything written is well
 * formed.
 */
final class RandomFunctions {
    private static final String[] TYPES = {"i8", "i16", "i32", "i64"};
    private static final int[] BYTES = {1, 2, 4, 8};

    private final Random random;
    private final StringBuilder out = new StringBuilder();
    private int names;

    /** Names of values by type, those of the entry first. */
    private final List<List<String>> values = new ArrayList<>();

    private int blocks;
    private boolean callsAllowed;

    private RandomFunctions(long seed) {
        random = new Random(seed);
        for (int i = 0; i < 5; i++) {
            values.add(new ArrayList<>());
        }
    }

    static String module(long seed) {
        return new RandomFunctions(seed).write();
    }

    private String write() {
        out.append("global @g: u64 data align 8 = hex \"0102030405060708\"\nkey @k: bool = 0\n");
        int functions = 1 + random.nextInt(3);
        for (int i = 0; i < functions; i++) {
            callsAllowed = i > 0;
            function(i);
        }
        return out.toString();
    }

    private <T> T anyOf(T[] all) {
        return all[pick(all.length)];
    }

    private int pick(int below) {
        return random.nextInt(below);
    }

    private String fresh() {
        return "x" + names++;
    }

    private String value(int type) {
        List<String> all = values.get(type);
        return all.get(pick(all.size()));
    }

    private String bool() {
        return value(4);
    }

    private String define(int type, String op) {
        String name = fresh();
        out.append("    ").append(name).append(" = ").append(op).append('\n');
        values.get(type).add(name);
        return name;
    }

    private void function(int number) {
        names = 0;
        values.forEach(List::clear);
        blocks = 2 + pick(9);
        out.append("function @f").append(number).append(" -> i32 {\n");
        out.append(
                "b0(a: i8, b: i16, c: i32, d: i64, e: i1, m: ptr<map_value>, p: ptr<packet>, q: ptr<packet_end>):\n");
        String[] parameters = {"a", "b", "c", "d", "e"};
        for (int i = 0; i < 5; i++) {
            values.get(i).add(parameters[i]);
        }
        for (int i = 0; i < 4; i++) {
            out.append("    s").append(i).append(" = slot 8 align 8 \"s\"\n");
            out.append("    store ")
                    .append(TYPES[i])
                    .append(' ')
                    .append(parameters[i])
                    .append(" to s")
                    .append(i)
                    .append('\n');
        }
        out.append(
                "    t = slot 16 align 8 \"t\"\n    store i64 d to t\n    store i32 c to t + 8\n    store i16 b to t + 12\n    store i8 a to t + 14\n    store i8 a to t + 15\n");
        out.append("    k0 = slot 8 align 8 \"k\"\n    k1 = slot 8 align 8 \"k\"\n");
        out.append("    store i64 d to k0\n    store i32 c to k1\n    store i32 c to k1 + 4\n");
        out.append("    g = address global @g\n");
        for (int i = 0; i < 4; i++) {
            define(i, "const " + TYPES[i] + " " + constant(i));
        }
        insts(pick(6));
        List<Integer> fixed = values.stream().map(List::size).toList();
        terminator(0);
        for (int block = 1; block < blocks; block++) {
            for (int i = 0; i < 5; i++) {
                List<String> row = values.get(i);
                row.subList(fixed.get(i), row.size()).clear();
            }
            String parameter = fresh();
            out.append("b").append(block).append('(').append(parameter).append(": i32):\n");
            values.get(2).add(parameter);
            insts(pick(8));
            terminator(block);
        }
        // The block of references: only bounds tests go there.
        out.append(
                "ok(r: ptr<packet>):\n    y = load i16 r big\n    z = zext i32 y\n    store i8 a to r\n    return z\n}\n");
    }

    private long constant(int type) {
        return switch (pick(4)) {
            case 0 -> pick(3);
            case 1 -> 1L << pick(8 * BYTES[type] - 1);
            case 2 -> -1 - pick(8);
            default -> pick(100);
        };
    }

    private void insts(int count) {
        for (int i = 0; i < count; i++) {
            inst();
        }
    }

    private void inst() {
        int type = pick(4);
        String name = TYPES[type];
        switch (pick(16)) {
            case 0, 1, 2 -> {
                BinaryOp op = anyOf(BinaryOp.values());
                define(type, op.word() + " " + name + " " + value(type) + ", " + value(type));
            }
            case 3 -> define(type, "const " + name + " " + constant(type));
            case 4 -> {
                CompareOp op = anyOf(CompareOp.values());
                define(4, op.word() + " " + name + " " + value(type) + ", " + value(type));
            }
            case 5 -> define(type, "select " + name + " " + bool() + " ? " + value(type) + " : " + value(type));
            case 6 -> {
                int to = pick(4);
                if (to > type) {
                    define(to, (random.nextBoolean() ? "zext " : "sext ") + TYPES[to] + " " + value(type));
                } else if (to < type) {
                    define(to, "trunc " + TYPES[to] + " " + value(type));
                } else {
                    define(type, "zext " + name + " " + bool());
                }
            }
            case 7 -> define(type, (random.nextBoolean() ? "neg " : "not ") + name + " " + value(type));
            case 8 -> define(type, "load " + name + " s" + type + order(type));
            case 9 -> out.append("    store " + name + " " + value(type) + " to s" + type + order(type) + "\n");
            case 10 -> {
                // The buffer is accessed at natural places, sometimes as a whole and sometimes in parts.
                int at = pick(16 / BYTES[type]) * BYTES[type];
                if (random.nextBoolean()) {
                    define(type, "load " + name + " t + " + at + order(type));
                } else {
                    out.append("    store " + name + " " + value(type) + " to t + " + at + "\n");
                }
            }
            case 11 -> {
                String region = random.nextBoolean() ? "m" : "g";
                int at = region.equals("m") ? pick(40) : pick(9 - BYTES[type]);
                if (random.nextBoolean()) {
                    define(type, "load " + name + " " + region + " + " + at + order(type));
                } else {
                    out.append("    store " + name + " " + value(type) + " to " + region + " + " + at + order(type)
                            + "\n");
                }
            }
            case 12 -> {
                String index = fresh();
                String mask = fresh();
                out.append("    " + mask + " = const i64 " + pick(8) + "\n");
                out.append("    " + index + " = and i64 " + value(3) + ", " + mask + "\n");
                String place = fresh();
                out.append("    " + place + " = offset ptr<stack> t, " + (random.nextBoolean() ? index : mask) + "\n");
                define(type, "load " + name + " " + place + order(type));
            }
            case 13 -> {
                if (random.nextBoolean()) {
                    key(type, name);
                } else {
                    define(type, "helper " + name + " h" + pick(3) + "(" + value(2) + ", " + value(3) + ")");
                }
            }
            case 14 -> {
                if (callsAllowed) {
                    define(
                            2,
                            "call i32 @f0(" + value(0) + ", " + value(1) + ", " + value(2) + ", " + value(3) + ", "
                                    + bool() + ", m, p, q)");
                } else {
                    AtomicOp op = List.of(AtomicOp.FETCH_ADD, AtomicOp.XCHG).get(pick(2));
                    define(3, "atomic." + op.word() + " i64 g, " + value(3));
                }
            }
            default -> define(4, "xor i1 " + bool() + ", " + bool());
        }
    }

    /** Writes to one of two keys, copies one to the other, or hands one to a helper. */
    private void key(int type, String name) {
        String key = "k" + pick(2);
        switch (pick(4)) {
            case 0 ->
                out.append("    store " + name + " " + value(type) + " to " + key + " + "
                        + pick(8 / BYTES[type]) * BYTES[type] + order(type) + "\n");
            case 1 -> out.append("    store i64 " + define(3, "load i64 k0") + " to k1\n");
            default -> define(type, "helper " + name + " look(" + key + ") quiet");
        }
    }

    private String order(int type) {
        return type > 0 && pick(3) == 0 ? " big" : "";
    }

    /** Mostly forwards, so that most runs end. */
    private String target(int from) {
        int to = pick(4) == 0
                ? 1 + pick(blocks - 1)
                : from + 1 < blocks ? from + 1 + pick(blocks - from - 1) : 1 + pick(blocks - 1);
        return "b" + to + "(" + value(2) + ")";
    }

    private void terminator(int block) {
        if (block == blocks - 1) {
            out.append("    return ").append(value(2)).append('\n');
            return;
        }
        String text = switch (pick(10)) {
            case 0, 1 -> "jump " + target(block);
            case 2, 3, 4, 5 -> "branch " + bool() + " ? " + target(block) + " : " + target(block);
            case 6 ->
                "switch " + value(0) + " [0 => " + target(block) + ", 1..=9 => " + target(block) + ", 100..=200 => "
                        + target(block) + "] else " + target(block);
            case 7 -> "static_branch @k ? " + target(block) + " : " + target(block);
            case 8 -> "checked p + " + value(3) + ", 2 <= q ? ok : " + target(block);
            default -> "return " + value(2);
        };
        out.append("    ").append(text).append('\n');
    }
}
