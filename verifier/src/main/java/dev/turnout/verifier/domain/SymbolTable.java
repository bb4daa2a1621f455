package dev.turnout.verifier.domain;

import java.util.Arrays;

/** What is known of each symbol; a symbol that is not in it may be anything. Mutable; owned by one {@link State}. */
final class SymbolTable {
    private int[] symbols;
    private Num[] nums;
    private int size;

    SymbolTable() {
        this.symbols = new int[16];
        this.nums = new Num[16];
    }

    private SymbolTable(SymbolTable of) {
        this.symbols = of.symbols.clone();
        this.nums = of.nums.clone();
        this.size = of.size;
    }

    SymbolTable copy() {
        return new SymbolTable(this);
    }

    Num of(int symbol) {
        int at = Arrays.binarySearch(symbols, 0, size, symbol);
        return at < 0 ? Num.top() : nums[at];
    }

    void put(int symbol, Num num) {
        int at = Arrays.binarySearch(symbols, 0, size, symbol);
        if (at >= 0) {
            nums[at] = num;
            return;
        }
        at = -at - 1;
        if (size == symbols.length) {
            symbols = Arrays.copyOf(symbols, size * 2);
            nums = Arrays.copyOf(nums, size * 2);
        }
        System.arraycopy(symbols, at, symbols, at + 1, size - at);
        System.arraycopy(nums, at, nums, at + 1, size - at);
        symbols[at] = symbol;
        nums[at] = num;
        size++;
    }

    void remove(int symbol) {
        int at = Arrays.binarySearch(symbols, 0, size, symbol);
        if (at >= 0) {
            System.arraycopy(symbols, at + 1, symbols, at, size - at - 1);
            System.arraycopy(nums, at + 1, nums, at, size - at - 1);
            size--;
        }
    }

    int size() {
        return size;
    }

    int symbol(int at) {
        return symbols[at];
    }

    /** Keeps the symbols of {@code live} (ascending, {@code count} of them) and counters. */
    void retain(int[] live, int count) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (Symbols.isCounter(symbols[i]) || Arrays.binarySearch(live, 0, count, symbols[i]) >= 0) {
                symbols[kept] = symbols[i];
                nums[kept++] = nums[i];
            }
        }
        size = kept;
    }
}
