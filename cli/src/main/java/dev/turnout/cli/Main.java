package dev.turnout.cli;

/** Where the process begins. */
public final class Main {
    private Main() {}

    /** Exit codes: 0 success, 1 the program is wrong, 2 wrong usage or unreadable input, 3 our own bug. */
    public static void main(String[] args) {
        System.out.println("turnout 0.1.0");
    }
}
