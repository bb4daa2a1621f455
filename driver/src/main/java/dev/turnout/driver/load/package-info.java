/**
 * From a proven program to one that runs. {@link dev.turnout.driver.load.EngineRow} is the table of engines; {@link
 * dev.turnout.driver.load.Loader} is the one way of a program into a machine (verify, specialize, load); {@link
 * dev.turnout.driver.load.LoadedObject} is what came of it: programs, maps and keys by name. The command line, test blocks
 * and the Java API all load through here, so that nothing runs that was not proven, whoever asks.
 */
@NullMarked
package dev.turnout.driver.load;

import org.jspecify.annotations.NullMarked;
