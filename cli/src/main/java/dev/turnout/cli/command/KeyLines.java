package dev.turnout.cli.command;

import dev.turnout.cli.Console;
import dev.turnout.driver.load.LoadedKey;
import dev.turnout.driver.run.KeyCommands;
import dev.turnout.driver.run.KeyWatch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * {@code --watch-keys}: lines of standard input set keys while packets are fed; what was set is said on standard error. Lines that
 * wait already are taken before the first run, so that a script decides what the first packet sees. When the input ends, feeding
 * goes on.
 */
final class KeyLines implements KeyWatch {
    /** A pipe that never runs dry must not keep the first run waiting for ever. */
    private static final int MOST_BEFOREHAND = 1000;

    private final Console console;

    KeyLines(Console console) {
        this.console = console;
    }

    @Override
    public Watching begin(Map<String, LoadedKey> keys) {
        Session session =
                new Session(new BufferedReader(new InputStreamReader(console.input(), StandardCharsets.UTF_8)), keys);
        session.beforehand();
        Thread reader = new Thread(session::follow, "key lines");
        // It may wait for a line that never comes.
        reader.setDaemon(true);
        reader.start();
        return session;
    }

    /** Reading, from the first run to the last. */
    private final class Session implements Watching {
        private final BufferedReader in;
        private final KeyCommands commands;
        private boolean open = true;

        Session(BufferedReader in, Map<String, LoadedKey> keys) {
            this.in = in;
            this.commands = new KeyCommands(keys);
        }

        void beforehand() {
            try {
                for (int taken = 0; taken < MOST_BEFOREHAND && in.ready(); taken++) {
                    String line = in.readLine();
                    if (line != null) {
                        answer(line);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void follow() {
            try {
                String line = in.readLine();
                while (line != null && answer(line)) {
                    line = in.readLine();
                }
            } catch (IOException e) {
                // An input that breaks has ended.
                console.errorLine("keys: no more lines can be read: " + e.getMessage());
            }
        }

        /** False if the runs are over, and the line was not looked at. */
        private synchronized boolean answer(String line) {
            if (open) {
                for (KeyCommands.Answer answer : commands.answer(line)) {
                    console.errorLine(console.json() ? answer.json() : answer.text());
                }
            }
            return open;
        }

        @Override
        public synchronized void close() {
            open = false;
        }
    }
}
