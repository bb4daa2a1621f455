/**
 * Turnout inside a Java program. {@link dev.turnout.api.Turnout} compiles a text or reads an object and loads it, which proves
 * it safe; what comes of it is a {@link dev.turnout.api.Machine} with {@link dev.turnout.api.Program}s, {@link
 * dev.turnout.api.ProgramMap}s (and for other kinds of maps {@link dev.turnout.api.ProgramQueue}, {@link dev.turnout.api.ProgramFilter}, {@link
 * dev.turnout.api.ProgramMaps}, {@link dev.turnout.api.ProgramArray}, {@link dev.turnout.api.ProgramEvents}), {@link dev.turnout.api.ProgramKey}s and {@link dev.turnout.api.ProgramTable}s by name.
 *
 * {@snippet :
 * try (Machine machine = Turnout.load(Turnout.compile("firewall.turn", text))) {
 *     RunResult result = machine.program("firewall").run(packet);
 *     System.out.println(result.verdict() + " " + machine.map("policy").json());
 * }
 * }
 *
 * <p>What threads may do: everything here may be used by many threads at once, except a {@link dev.turnout.api.Runner}, which
 * belongs to the thread that opened it. After a machine is closed, every use of it and of what it gave out is an {@link
 * java.lang.IllegalStateException}; closing waits for runs in progress.
 *
 * <p>What can go wrong with a program is a {@link dev.turnout.api.TurnoutException} that carries the diagnostics; what the
 * caller did wrong is one of Java's own exceptions, named where it may come. The page {@code docs/java-api.md} goes through all
 * of it with an example.
 */
@NullMarked
package dev.turnout.api;

import org.jspecify.annotations.NullMarked;
