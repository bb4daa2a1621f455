package dev.turnout.tests.random;

/**
 * How a function is called and what it returns, which is always a number.
 *
 * @param label where it begins
 * @param memory whether its first argument is main's memory, of which there is some
 * @param numbers arguments behind that are numbers
 * @param callback whether {@code bpf_loop} calls it: with the round and with bytes of its caller's stack; returns 0 or 1
 */
record Signature(int label, boolean memory, int numbers, boolean callback) {}
