package dev.turnout.tests.kernel;

import dev.turnout.bpf.object.BpfObject;
import dev.turnout.ir.model.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was done with a loaded object, and what it answered: a line {@code CALL = ANSWER} for each operation. Two engines agree if
 * their journals are equal; and a journal of ours is what a kernel elsewhere is asked to repeat.
 *
 * <p>Bytes are hex digits; {@code .} stands for no bytes at all, {@code -} for nothing there, {@code !} for an input that was not
 * taken, and {@code ?} for a digit, or for a whole word, that depends on the world: on the time, on chance, on who runs.
 */
final class Journal {
    static final String NOTHING = "-";
    static final String NOT_TAKEN = "!";
    private static final String NO_BYTES = ".";

    private final String name;
    private final BpfObject object;
    private final List<String> lines = new ArrayList<>();
    private String stopped = "";

    /** @param name of the case */
    Journal(String name, BpfObject object) {
        this.name = name;
        this.object = object;
    }

    String name() {
        return name;
    }

    BpfObject object() {
        return object;
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    void note(String call, String answer) {
        if (stopped.isEmpty()) {
            lines.add(call + " = " + answer);
        }
    }

    /** Nothing more is noted: what follows cannot be repeated elsewhere. */
    void stop(String reason) {
        if (stopped.isEmpty()) {
            stopped = reason;
        }
    }

    /** Why it ends before its time; empty if it does not. */
    Optional<String> stopped() {
        return Optional.of(stopped).filter(reason -> !reason.isEmpty());
    }

    static String hex(ByteString bytes) {
        return bytes.size() == 0 ? NO_BYTES : bytes.toString();
    }

    static String hex(Optional<ByteString> bytes) {
        return bytes.map(Journal::hex).orElse(NOTHING);
    }

    /**
     * What holds in all of several worlds.
     *
     * @param worlds the journals of one case, one in each
     */
    static Journal common(List<Journal> worlds) {
        Journal first = worlds.getFirst();
        Journal common = new Journal(first.name, first.object);
        int lines = worlds.stream().mapToInt(one -> one.lines.size()).min().orElseThrow();
        for (int i = 0; i < lines; i++) {
            int line = i;
            common.lines.add(
                    Words.common(worlds.stream().map(one -> one.lines.get(line)).toList()));
        }
        String differs = worlds.stream().allMatch(one -> one.lines.size() == lines)
                ? ""
                : "what is done next depends on the world";
        common.stopped = worlds.stream()
                .flatMap(one -> one.stopped().stream())
                .findFirst()
                .orElse(differs);
        return common;
    }

    /**
     * Where two journals of one case part. If one was stopped, what the other did from there on is not looked at.
     *
     * @param ours may have question marks
     * @return empty if they agree
     */
    static Optional<String> difference(Journal ours, String engine, Journal theirs, String otherEngine) {
        int shorter = Math.min(ours.lines.size(), theirs.lines.size());
        for (int i = 0; i < shorter; i++) {
            if (!Words.agree(ours.lines.get(i), theirs.lines.get(i))) {
                String one = ours.lines.get(i);
                String other = theirs.lines.get(i);
                return Optional.of(ours.name + ", step " + (i + 1) + ":\n  " + engine + ": " + Words.parting(one, other)
                        + "\n  " + otherEngine + ": " + Words.parting(other, one));
            }
        }
        boolean whole = ours.stopped.isEmpty() && theirs.stopped.isEmpty();
        return whole && ours.lines.size() != theirs.lines.size()
                ? Optional.of(ours.name + ": " + ours.lines.size() + " steps on " + engine + ", " + theirs.lines.size()
                        + " on " + otherEngine)
                : Optional.empty();
    }
}
