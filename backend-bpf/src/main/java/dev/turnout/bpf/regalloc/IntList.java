package dev.turnout.bpf.regalloc;

import java.util.Arrays;

/** A growing list of numbers, used as a stack or a bag. */
final class IntList {
    private int[] items = new int[8];
    private int size;

    void add(int item) {
        if (size == items.length) {
            items = Arrays.copyOf(items, size * 2);
        }
        items[size++] = item;
    }

    int at(int index) {
        return items[index];
    }

    int pop() {
        return items[--size];
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void addAll(IntList others) {
        for (int i = 0; i < others.size; i++) {
            add(others.items[i]);
        }
    }

    /** Takes out item {@code index}; the last one takes its place. */
    int takeOut(int index) {
        int item = items[index];
        items[index] = items[--size];
        return item;
    }
}
