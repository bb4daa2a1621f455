package dev.turnout.tests.model;

import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.engine.Input;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Of {@code examples/sandbox.turn}, with its keys as they start. System calls are drawn, one a frame of the capture, from the frame's bytes:
 * the number, and arguments that are small more often than not, so that rules are kept and broken.
 */
final class SandboxModel implements Model {
    private static final int NUMBERS = 512;
    private static final int REGISTERS = 168;

    /** Where {@code pt_regs} of x86-64 has the arguments of a system call: rdi, rsi, rdx, r10, r8, r9. */
    private static final int[] ARGUMENTS = {112, 104, 96, 56, 72, 64};

    private enum Rule {
        NONE,
        TOO_MANY_FILES,
        WRITE_AND_EXECUTE,
        TOO_MUCH_MAPPED,
        TERMINAL_INPUT,
        ADDRESS_FAMILY,
        NEW_NAMESPACE,
        EXEC,
        SIGNAL,
        PRIVILEGE
    }

    private enum Family {
        FILE,
        DATA,
        PATH,
        MEMORY,
        PROCESS,
        NETWORK,
        SIGNAL,
        SYSTEM,
        OTHER
    }

    /** The one process; forgotten when it exits. */
    private static final class Account {
        long calls;
        long read;
        long written;
        long sent;
        long received;
        long mapped;
        int open;
        int children;
        int broken;
        int last;
    }

    private Account account = new Account();
    private boolean known;
    private final TreeMap<Integer, Long> families = new TreeMap<>();
    private final TreeMap<Integer, Long> rules = new TreeMap<>();
    private final TreeMap<Integer, Long> numbers = new TreeMap<>();

    @Override
    public Map<String, Map<ByteString, ByteString>> presets() {
        return Map.of();
    }

    @Override
    public List<String> anonymous() {
        return List.of("accounts");
    }

    @Override
    public Input input(ByteString frame) {
        Random random = new Random(frame.hashCode());
        ByteBuffer registers = ByteBuffer.allocate(REGISTERS).order(ByteOrder.LITTLE_ENDIAN);
        for (int at : ARGUMENTS) {
            registers.putLong(
                    at,
                    switch (random.nextInt(6)) {
                        case 0 -> random.nextLong();
                        case 1 -> 1L << random.nextInt(40);
                        case 2 -> 0x5412;
                        default -> random.nextInt(20);
                    });
        }
        ByteBuffer context = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        context.putLong(8, random.nextInt(50) == 0 ? 231 : random.nextInt(NUMBERS + 8));
        return new Input.Memory(ByteString.copyOf(context.array()), ByteString.copyOf(registers.array()));
    }

    private Account mine() {
        known = true;
        return account;
    }

    private Rule oneMore(int count) {
        mine().open += count;
        return Integer.compareUnsigned(account.open, 256) > 0 ? Rule.TOO_MANY_FILES : Rule.NONE;
    }

    private static Rule when(boolean broken, Rule rule) {
        return broken ? rule : Rule.NONE;
    }

    @Override
    public Answer run(Input input) {
        Input.Memory memory = (Input.Memory) input;
        int number =
                (int) memory.bytes().asBuffer().order(ByteOrder.LITTLE_ENDIAN).getLong(8);
        ByteBuffer registers = memory.behind().asBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long[] a = new long[ARGUMENTS.length];
        for (int n = 0; n < a.length; n++) {
            a[n] = registers.getLong(ARGUMENTS[n]);
        }
        if (number < NUMBERS) {
            Bytes.count(numbers, number);
        }
        return new Answer(call(number, a), ByteString.EMPTY);
    }

    /** By the numbers of x86-64. */
    private int call(int number, long[] a) {
        return switch (number) {
            case 0, 17, 19, 295, 327 -> {
                mine().read += a[2];
                yield end(number, Family.DATA, Rule.NONE);
            }
            case 1, 18, 20, 296, 328 -> {
                mine().written += a[2];
                yield end(number, Family.DATA, Rule.NONE);
            }
            case 40, 275, 326 -> {
                long size = number == 40 ? a[3] : a[4];
                mine().read += size;
                mine().written += size;
                yield end(number, Family.DATA, Rule.NONE);
            }
            case 2, 85, 257, 437, 32, 33, 292 -> end(number, Family.FILE, oneMore(1));
            case 22, 293 -> end(number, Family.FILE, oneMore(2));
            case 3 -> {
                if (mine().open != 0) {
                    account.open--;
                }
                yield end(number, Family.FILE, Rule.NONE);
            }
            case 8, 7, 23, 232, 271 -> end(number, Family.FILE, Rule.NONE);
            case 16 -> end(number, Family.FILE, when((int) a[1] == 0x5412, Rule.TERMINAL_INPUT));
            case 4, 5, 6, 21, 262, 269, 332 -> end(number, Family.PATH, Rule.NONE);
            case 82, 264, 316, 86, 265, 88, 84, 87, 263 -> end(number, Family.PATH, Rule.NONE);
            case 83, 258, 133, 259 -> {
                long mode = number == 133 ? a[1] : number == 259 ? a[2] : 0;
                int type = (int) mode >>> 12 & 15;
                yield end(number, Family.PATH, when(type == 2 || type == 6, Rule.PRIVILEGE));
            }
            case 90, 91, 92, 93, 94, 268, 260 -> {
                long mode = number == 90 || number == 91 ? a[1] : number == 268 ? a[2] : 0;
                yield end(number, Family.PATH, when((mode & 0xc00) != 0, Rule.PRIVILEGE));
            }
            case 9 -> {
                mine().mapped += a[1];
                Rule rule = protection(a[2]);
                if (rule == Rule.NONE && Long.compareUnsigned(account.mapped, 1L << 30) > 0) {
                    rule = Rule.TOO_MUCH_MAPPED;
                }
                yield end(number, Family.MEMORY, rule);
            }
            case 11 -> {
                boolean less = Long.compareUnsigned(a[1], mine().mapped) < 0;
                account.mapped -= less ? a[1] : account.mapped;
                yield end(number, Family.MEMORY, Rule.NONE);
            }
            case 10, 329 -> end(number, Family.MEMORY, protection(a[2]));
            case 12 -> end(number, Family.MEMORY, Rule.NONE);
            case 41, 53 -> {
                boolean allowed = a[0] == 1 || a[0] == 2 || a[0] == 10;
                yield end(number, Family.NETWORK, allowed ? oneMore(1) : Rule.ADDRESS_FAMILY);
            }
            case 42, 49 -> end(number, Family.NETWORK, Rule.NONE);
            case 43, 288 -> end(number, Family.NETWORK, oneMore(1));
            case 50 -> end(number, Family.NETWORK, Rule.NONE);
            case 44, 46, 307 -> {
                if (number == 44) {
                    mine().sent += a[2];
                }
                yield end(number, Family.NETWORK, Rule.NONE);
            }
            case 45, 47, 299 -> {
                if (number == 45) {
                    mine().received += a[2];
                }
                yield end(number, Family.NETWORK, Rule.NONE);
            }
            case 56, 57, 58, 435, 272 -> {
                if (number != 272) {
                    mine().children++;
                }
                long flags = number == 56 || number == 272 ? a[0] : 0;
                yield end(number, Family.PROCESS, when((flags & 0x7e02_0000L) != 0, Rule.NEW_NAMESPACE));
            }
            case 59, 322 -> end(number, Family.PROCESS, Rule.NONE);
            case 60, 231 -> {
                int verdict = end(number, Family.PROCESS, Rule.NONE);
                if (number == 231) {
                    account = new Account();
                    known = false;
                }
                yield verdict;
            }
            case 62, 200, 234 -> {
                long signal = number == 234 ? a[2] : a[1];
                yield end(number, Family.SIGNAL, when((int) a[0] == 1 || signal == 9, Rule.SIGNAL));
            }
            case 101, 310, 311 -> end(number, Family.PROCESS, Rule.PRIVILEGE);
            case 165, 166, 155, 161, 321, 175, 313, 246, 169, 105, 106 -> end(number, Family.SYSTEM, Rule.PRIVILEGE);
            default -> end(number, Family.OTHER, Rule.NONE);
        };
    }

    private static Rule protection(long bits) {
        return when((bits & 6) == 6, Rule.WRITE_AND_EXECUTE);
    }

    private int end(int number, Family family, Rule rule) {
        Bytes.count(families, family);
        Bytes.count(rules, rule);
        mine().last = number;
        account.calls++;
        if (rule == Rule.NONE) {
            return 0;
        }
        account.broken++;
        return 1;
    }

    @Override
    public Map<String, Map<ByteString, ByteString>> contents() {
        ByteString one = new Bytes(64)
                .wide(account.calls)
                .wide(account.read)
                .wide(account.written)
                .wide(account.sent)
                .wide(account.received)
                .wide(account.mapped)
                .word(account.open)
                .word(account.children)
                .word(account.broken)
                .word(account.last)
                .done();
        Map<ByteString, ByteString> accounts = new HashMap<>();
        if (known) {
            accounts.put(Bytes.u32(0), one);
        }
        return Map.of(
                "accounts", accounts,
                "calls", Bytes.entries(families),
                "rules", Bytes.entries(rules),
                "numbers", Bytes.entries(numbers));
    }
}
