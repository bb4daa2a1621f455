package dev.turnout.bpf.isa;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** What a field of an instruction may hold. */
public sealed interface FieldRule {
    boolean allows(int value);

    /** A value that is allowed; small ones and the ends come often, for that is where mistakes are. */
    int draw(RandomGenerator random);

    /** Numbers from {@code low} to {@code high}, both included. */
    record Range(int low, int high) implements FieldRule {
        @Override
        public boolean allows(int value) {
            return value >= low && value <= high;
        }

        @Override
        public int draw(RandomGenerator random) {
            long span = (long) high - low + 1;
            if (span <= 16) {
                return low + random.nextInt((int) span);
            }
            return switch (random.nextInt(8)) {
                case 0 -> low;
                case 1 -> high;
                case 2, 3 -> {
                    int small = random.nextInt(-16, 17);
                    yield allows(small) ? small : low;
                }
                case 4 -> {
                    int power = (1 << random.nextInt(32)) - random.nextInt(2);
                    yield allows(power) ? power : high;
                }
                default -> (int) random.nextLong(low, (long) high + 1);
            };
        }

        @Override
        public String toString() {
            return low == high ? Integer.toString(low) : low + " to " + high;
        }
    }

    /** Any number but one. */
    record Except(int value) implements FieldRule {
        @Override
        public boolean allows(int other) {
            return other != value;
        }

        @Override
        public int draw(RandomGenerator random) {
            int drawn = new Range(Integer.MIN_VALUE, Integer.MAX_VALUE).draw(random);
            return drawn == value ? drawn + 1 : drawn;
        }

        @Override
        public String toString() {
            return "anything but " + value;
        }
    }

    /** One of several numbers. */
    final class Choice implements FieldRule {
        private final int[] values;

        private Choice(int[] values) {
            this.values = values;
        }

        @Override
        public boolean allows(int value) {
            for (int one : values) {
                if (one == value) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public int draw(RandomGenerator random) {
            return values[random.nextInt(values.length)];
        }

        @Override
        public String toString() {
            String list = Arrays.toString(values);
            return "one of " + list.substring(1, list.length() - 1);
        }
    }

    static FieldRule only(int value) {
        return new Range(value, value);
    }

    static FieldRule oneOf(int... values) {
        return new Choice(values.clone());
    }

    /** Whether exactly one value is allowed: the field tells forms of one opcode apart, or is reserved. */
    default boolean isFixed() {
        return this instanceof Range(int low, int high) && low == high;
    }
}
