package dev.turnout.ir.pass;

import java.util.List;
import java.util.Random;

/**
 * Writes random modules as a front end would lower them: variables are slots, statements nest. Where {@link RandomFunctions}
 * draws graphs, this draws programs: counted loops that end, loops in loops with ways out, flags that are set on one way and
 * tested where ways meet, chains of bounds tests at constant and varying places, sums of a counter as index, and calls with
 * constant arguments. That is what passes over loops, ways and checks look for.
 */
final class StructuredFunctions {
    private static final List<String> ARITHMETIC =
            List.of("add", "sub", "mul", "and", "or", "xor", "shl", "lshr", "ashr", "udiv", "urem", "sdiv", "srem");
    private static final List<String> RELATIONS =
            List.of("eq", "ne", "ult", "ule", "ugt", "uge", "slt", "sle", "sgt", "sge");
    private static final int MOST_STATEMENTS = 30;

    private final Random random;
    private final StringBuilder out = new StringBuilder();
    private int names;
    private int blocks;
    private int statements;
    private boolean calls;

    private StructuredFunctions(long seed) {
        random = new Random(seed);
    }

    static String module(long seed) {
        return new StructuredFunctions(seed).write();
    }

    private String write() {
        out.append("global @g: u64 data align 8 = hex \"0102030405060708\"\n");
        out.append("global @row: u64 data align 8 = zero 64\n");
        int functions = 1 + pick(2);
        for (int i = 0; i < functions; i++) {
            calls = i > 0;
            function(i);
        }
        return out.toString();
    }

    private void function(int number) {
        names = 0;
        blocks = 1;
        statements = 0;
        out.append("function @f").append(number).append(" -> i32 {\n");
        out.append("b0(a: i32, b: i64, m: ptr<map_value>, p: ptr<packet>, q: ptr<packet_end>):\n");
        for (int i = 0; i < 4; i++) {
            line("s" + i + " = slot 8 align 8 \"s\"");
        }
        line("g = address global @g");
        line("row = address global @row");
        line("buffer = slot 64 align 8 \"buffer\"");
        // s0 and s1 are of 32 bits, s2 and s3 of 64.
        line("store i32 a to s0");
        line("store i32 " + constant(32) + " to s1");
        line("store i64 b to s2");
        line("store i64 " + constant(64) + " to s3");
        for (int i = 0; i < 64; i += 8) {
            line("store i64 b to buffer + " + i);
        }
        sequence(2 + pick(5), 0, "");
        line("return " + load(0));
        out.append("}\n");
    }

    private int pick(int below) {
        return random.nextInt(below);
    }

    private <T> T any(List<T> all) {
        return all.get(pick(all.size()));
    }

    private void line(String text) {
        out.append("    ").append(text).append('\n');
    }

    private String define(String op) {
        String name = "x" + names++;
        line(name + " = " + op);
        return name;
    }

    private String label() {
        return "b" + blocks++;
    }

    private void begin(String label) {
        out.append(label).append(":\n");
    }

    private String constant(int bits) {
        return define("const i" + bits + " " + (pick(4) == 0 ? random.nextInt() : pick(5) == 0 ? -pick(9) : pick(9)));
    }

    private static int bits(int variable) {
        return variable < 2 ? 32 : 64;
    }

    private String load(int variable) {
        return define("load i" + bits(variable) + " s" + variable);
    }

    /** A number of so many bits: a constant, a variable, or a sum of them. */
    private String number(int bits, int depth) {
        return switch (pick(depth == 0 ? 3 : 6)) {
            case 0 -> constant(bits);
            case 1 -> load(bits == 32 ? pick(2) : 2 + pick(2));
            case 2 -> {
                String other = load(bits == 32 ? 2 + pick(2) : pick(2));
                yield define((bits == 32 ? "trunc i32 " : pick(2) == 0 ? "zext i64 " : "sext i64 ") + other);
            }
            case 3 -> {
                String memory = any(List.of("m", "g", "row", "buffer"));
                yield define("load i" + bits + " " + memory + " + " + (memory.equals("g") ? 0 : 8 * pick(8)));
            }
            default -> {
                String a = number(bits, depth - 1);
                String b = number(bits, depth - 1);
                yield define(any(ARITHMETIC) + " i" + bits + " " + a + ", " + b);
            }
        };
    }

    private String condition() {
        if (pick(8) == 0) {
            String a = condition();
            return define(any(List.of("and", "or", "xor")) + " i1 " + a + ", " + condition());
        }
        int bits = pick(2) == 0 ? 32 : 64;
        String a = number(bits, 1);
        String b = pick(2) == 0 ? constant(bits) : number(bits, 1);
        return define(any(RELATIONS) + " i" + bits + " " + a + ", " + b);
    }

    private void assign() {
        int variable = pick(4);
        line("store i" + bits(variable) + " " + number(bits(variable), 2) + " to s" + variable);
    }

    /** @param exit where a loop around is left to; empty if there is none */
    private void sequence(int count, int depth, String exit) {
        for (int i = 0; i < count && statements < MOST_STATEMENTS; i++) {
            statements++;
            statement(depth, exit);
        }
    }

    private void statement(int depth, String exit) {
        switch (pick(depth > 3 ? 5 : 13)) {
            case 0, 1 -> assign();
            case 2 -> {
                int bits = pick(2) == 0 ? 32 : 64;
                String memory = any(List.of("m", "g", "row", "buffer"));
                line("store i" + bits + " " + number(bits, 1) + " to " + memory + " + "
                        + (memory.equals("g") ? 0 : 8 * pick(8)));
            }
            case 3 -> place();
            case 4 -> {
                if (calls && pick(2) == 0) {
                    line("store i32 "
                            + define("call i32 @f0(" + number(32, 0) + ", " + number(64, 0) + ", m, p, q)")
                            + " to s0");
                } else {
                    line("store i32 "
                            + define("helper i32 h" + pick(2) + "(" + number(32, 0) + ", " + number(64, 0) + ")")
                            + " to s1");
                }
            }
            case 5, 6 -> choice(depth, exit);
            case 7, 8 -> loop(depth);
            case 9 -> flag(depth, exit);
            case 10 -> cases(depth, exit);
            case 11 -> checks(depth);
            default -> {
                if (exit.isEmpty()) {
                    assign();
                } else {
                    String next = label();
                    line("branch " + condition() + " ? " + exit + " : " + next);
                    begin(next);
                }
            }
        }
    }

    /** An access at a place that varies, in one of the shapes of an index. */
    private void place() {
        String mask = define("const i64 7");
        String index = define("and i64 " + number(64, 1) + ", " + mask);
        String scaled = switch (pick(3)) {
            case 0 -> define("shl i64 " + index + ", " + define("const i64 2"));
            case 1 -> define("mul i64 " + index + ", " + define("const i64 3"));
            default -> define("add i64 " + index + ", " + define("const i64 " + pick(20)));
        };
        String place = define("offset ptr<" + (pick(2) == 0 ? "stack> buffer" : "global> row") + ", " + scaled);
        if (pick(2) == 0) {
            line("store i32 " + number(32, 0) + " to " + place);
        } else {
            line("store i32 " + define("load i32 " + place) + " to s" + pick(2));
        }
    }

    private void choice(int depth, String exit) {
        String then = label();
        String otherwise = label();
        String join = label();
        line("branch " + condition() + " ? " + then + " : " + otherwise);
        begin(then);
        sequence(1 + pick(2), depth + 1, exit);
        line("jump " + join);
        begin(otherwise);
        sequence(pick(2), depth + 1, exit);
        line("jump " + join);
        begin(join);
    }

    /** A flag is set on some ways and tested where they meet, as {@code ||} and {@code orelse} leave it. */
    private void flag(int depth, String exit) {
        int flag = pick(4);
        String then = label();
        String join = label();
        line("store i" + bits(flag) + " " + constant(bits(flag)) + " to s" + flag);
        line("branch " + condition() + " ? " + then + " : " + join);
        begin(then);
        line("store i" + bits(flag) + " " + constant(bits(flag)) + " to s" + flag);
        sequence(pick(2), depth + 1, exit);
        line("jump " + join);
        begin(join);
        String yes = label();
        String no = label();
        line("branch "
                + define(any(RELATIONS) + " i" + bits(flag) + " " + load(flag) + ", " + constant(bits(flag)))
                + " ? " + yes + " : " + no);
        begin(yes);
        sequence(1, depth + 1, exit);
        line("jump " + no);
        begin(no);
    }

    private void cases(int depth, String exit) {
        String join = label();
        List<String> arms = List.of(label(), label(), label(), label());
        line("switch " + number(32, 1) + " [0 => " + arms.get(0) + ", 1..=3 => " + arms.get(1) + ", 7 => " + arms.get(2)
                + "] else " + arms.get(3));
        for (String arm : arms) {
            begin(arm);
            sequence(pick(2), depth + 1, exit);
            line("jump " + join);
        }
        begin(join);
    }

    /** A loop that counts a variable of its own; places in it are sums and products of the counter. */
    private void loop(int depth) {
        int bits = pick(2) == 0 ? 32 : 64;
        String counter = "k" + names++;
        // Slots stand in the entry only, so the counter goes round as a parameter.
        String head = label();
        String body = label();
        String exit = label();
        int rounds = 1 + pick(5);
        boolean up = pick(3) > 0;
        String first = define("const i" + bits + " " + (up ? 0 : rounds));
        line("jump " + head + "(" + first + ")");
        out.append(head + "(" + counter + ": i" + bits + "):\n");
        String limit = define("const i" + bits + " " + (up ? rounds : 0));
        String test = define((up ? "ult" : "ne") + " i" + bits + " " + counter + ", " + limit);
        line("branch " + test + " ? " + body + " : " + exit);
        begin(body);
        String at = counter;
        if (bits == 32 && pick(2) == 0) {
            at = define("add i32 " + at + ", " + define("const i32 " + pick(3)));
        }
        at = bits == 32 ? define("zext i64 " + at) : at;
        at = define("mul i64 " + at + ", " + define("const i64 " + (1 + pick(4))));
        if (pick(2) == 0) {
            at = define("add i64 " + at + ", " + define("const i64 " + pick(8)));
        }
        String memory = pick(2) == 0 ? "stack> buffer" : "global> row";
        line("store i8 " + define("trunc i8 " + load(0)) + " to " + define("offset ptr<" + memory + ", " + at));
        sequence(1 + pick(3), depth + 1, exit);
        String one = define("const i" + bits + " 1");
        String next = define((up ? "add" : "sub") + " i" + bits + " " + counter + ", " + one);
        line("jump " + head + "(" + next + ")");
        begin(exit);
    }

    /** Bounds tests one behind the other: of one place, of neighbours, and of places that vary. */
    private void checks(int depth) {
        String tooShort = label();
        String join = label();
        String index =
                pick(2) == 0 ? define("const i64 " + pick(8)) : define("zext i64 " + define("load i8 m + " + pick(8)));
        for (int i = 0; i <= pick(4); i++) {
            String ok = label();
            String reference = "r" + names++;
            int bytes = 1 + pick(8);
            line("checked p + " + index + ", " + bytes + " <= q ? " + ok + " : " + (pick(4) == 0 ? join : tooShort));
            out.append(ok + "(" + reference + ": ptr<packet>):\n");
            String read = define("load i8 " + reference + " + " + pick(bytes));
            line("store i32 " + define("zext i32 " + read) + " to s" + pick(2));
            if (pick(3) == 0) {
                sequence(1, depth + 2, "");
            }
            if (pick(3) > 0) {
                index = define("add i64 " + index + ", " + define("const i64 " + pick(12)));
            }
        }
        line("jump " + join);
        begin(tooShort);
        line("store i32 " + constant(32) + " to s0");
        line("jump " + join);
        begin(join);
    }
}
