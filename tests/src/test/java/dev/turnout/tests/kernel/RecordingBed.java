package dev.turnout.tests.kernel;

import dev.turnout.bpf.object.DataSection;
import dev.turnout.bpf.object.ObjectKey;
import dev.turnout.driver.test.BedFailure;
import dev.turnout.driver.test.SkippedTest;
import dev.turnout.driver.test.TestBed;
import dev.turnout.driver.test.WrittenFunction;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.engine.CodeCounts;
import dev.turnout.runtime.engine.Input;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A bed that keeps a journal of what another one is asked; at its end the journal says what maps and sections hold. */
final class RecordingBed implements TestBed {
    /** Keys that are bytes of a section on targets that do not patch code. */
    private static final String KEYS = ObjectKey.BYTES_SECTION;

    private static final int ADDRESS = 8;

    private final TestBed bed;
    private final Journal journal;

    RecordingBed(TestBed bed, Journal journal) {
        this.bed = bed;
        this.journal = journal;
    }

    @Override
    public String engine() {
        return bed.engine();
    }

    @Override
    public Outcome run(String program, Input input) {
        if (input instanceof Input.Memory(ByteString _, ByteString behind) && !behind.isZero()) {
            journal.stop("the kernel reads registers that are the kernel's only");
        }
        Outcome outcome = asked(() -> bed.run(program, input));
        journal.note("run " + program + " " + shown(input), outcome.result() + " " + left(input, outcome.output()));
        return outcome;
    }

    /** Runs a program on a packet that an engine may not take. */
    void tryRun(String program, ByteString frame) {
        Input.Packet input = new Input.Packet(frame);
        String answer;
        try {
            Outcome outcome = bed.run(program, input);
            answer = outcome.result() + " " + left(input, outcome.output());
        } catch (BedFailure | SkippedTest _) {
            answer = Journal.NOT_TAKEN;
        }
        journal.note("run " + program + " " + shown(input), answer);
    }

    private static String shown(Input input) {
        return switch (input) {
            case Input.Packet(ByteString frame, ByteString context) ->
                Journal.hex(frame) + " " + (context.size() == 0 ? Journal.NOTHING : Journal.hex(context));
            case Input.Memory(ByteString bytes, ByteString _) -> Journal.NOTHING + " " + Journal.hex(bytes);
        };
    }

    /** What became of the packet or the context; {@code =} if nothing did. */
    private static String left(Input input, ByteString output) {
        return switch (input) {
            case Input.Packet(ByteString frame, ByteString _) -> left(frame, output);
            // Where its first field leads is an engine's own.
            case Input.Memory(ByteString bytes, ByteString behind) ->
                behind.size() == 0 || bytes.size() != output.size()
                        ? left(bytes, output)
                        : left(bytes.slice(ADDRESS, bytes.size()), output.slice(ADDRESS, output.size()));
        };
    }

    private static String left(ByteString given, ByteString output) {
        return output.equals(given) ? "=" : Journal.hex(output);
    }

    /** What an engine lacks ends the journal. */
    private <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (SkippedTest skipped) {
            journal.stop(skipped.reason());
            throw skipped;
        }
    }

    private int number(String call, Supplier<Integer> question) {
        int answer = asked(question);
        journal.note(call, Integer.toString(answer));
        return answer;
    }

    private Optional<ByteString> bytes(String call, Supplier<Optional<ByteString>> question) {
        Optional<ByteString> answer = asked(question);
        journal.note(call, Journal.hex(answer));
        return answer;
    }

    @Override
    public Optional<ByteString> lookup(String map, ByteString key) {
        return bytes("lookup " + map + " " + Journal.hex(key), () -> bed.lookup(map, key));
    }

    @Override
    public int update(String map, ByteString key, ByteString value, long flags) {
        return number(
                "update " + map + " " + Journal.hex(key) + " " + Journal.hex(value) + " " + flags,
                () -> bed.update(map, key, value, flags));
    }

    @Override
    public int delete(String map, ByteString key) {
        return number("delete " + map + " " + Journal.hex(key), () -> bed.delete(map, key));
    }

    @Override
    public int push(String map, ByteString value, long flags) {
        return number("push " + map + " " + Journal.hex(value) + " " + flags, () -> bed.push(map, value, flags));
    }

    @Override
    public Optional<ByteString> pop(String map) {
        return bytes("pop " + map, () -> bed.pop(map));
    }

    @Override
    public Optional<ByteString> peek(String map) {
        return bytes("peek " + map, () -> bed.peek(map));
    }

    @Override
    public boolean holds(String map, ByteString value) {
        return number("holds " + map + " " + Journal.hex(value), () -> bed.holds(map, value) ? 1 : 0) == 1;
    }

    @Override
    public int entries(String map) {
        return number("entries " + map, () -> bed.entries(map));
    }

    @Override
    public int events(String map) {
        return number("events " + map, () -> bed.events(map));
    }

    @Override
    public Optional<ByteString> nextEvent(String map) {
        return bytes("next " + map, () -> bed.nextEvent(map));
    }

    @Override
    public Map<String, Map<ByteString, ByteString>> contents() {
        return bed.contents();
    }

    @Override
    public Optional<ByteString> data(String section) {
        return bytes("data " + section, () -> bed.data(section));
    }

    @Override
    public void writeData(String section, ByteString bytes) {
        bed.writeData(section, bytes);
        journal.note("write " + section + " " + Journal.hex(bytes), "0");
    }

    @Override
    public void key(String name, long value) {
        asked(() -> {
            bed.key(name, value);
            return 0;
        });
        // Elsewhere there is no such operation: a key is a byte of a section.
        bed.data(KEYS).ifPresent(bytes -> journal.note("write " + KEYS + " " + Journal.hex(bytes), "0"));
    }

    @Override
    public long userMemory(ByteString bytes) {
        journal.stop("memory of the process has another address elsewhere");
        return bed.userMemory(bytes);
    }

    @Override
    public void clock(long nanos) {
        journal.stop("the kernel's clock cannot be set");
        bed.clock(nanos);
    }

    @Override
    public Optional<CodeCounts> counts(WrittenFunction function) {
        return asked(() -> bed.counts(function));
    }

    @Override
    public int sites(String key) {
        return asked(() -> bed.sites(key));
    }

    @Override
    public List<String> output() {
        journal.stop("what programs print in the kernel is not read back");
        return bed.output();
    }

    @Override
    public void close() {
        for (DataSection section : journal.object().data()) {
            if (!section.frozen()) {
                journal.note("data " + section.name(), Journal.hex(bed.data(section.name())));
            }
        }
        new TreeMap<>(bed.contents()).forEach((map, entries) -> {
            Map<String, String> sorted = new TreeMap<>();
            entries.forEach((key, value) -> sorted.put(Journal.hex(key), Journal.hex(value)));
            StringBuilder all = new StringBuilder();
            sorted.forEach(
                    (key, value) -> all.append(key).append(':').append(value).append(' '));
            journal.note(
                    "contents " + map,
                    all.isEmpty() ? Journal.NOTHING : all.toString().strip());
        });
        bed.close();
    }
}
