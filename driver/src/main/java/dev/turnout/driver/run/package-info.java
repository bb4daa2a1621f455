/**
 * From an object to verdicts: which program, with which configuration, proven, fed. Every rim that runs programs goes
 * through here.
 */
@NullMarked
package dev.turnout.driver.run;

import org.jspecify.annotations.NullMarked;
