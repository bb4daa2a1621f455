/**
 * The large examples against plain models: what each of them says it does, written once more in Java without a thought for speed or for
 * verifiers. A model reads a frame of the capture, says what the program returns and what becomes of the frame, and keeps the maps that the
 * program should leave behind; every engine, the running kernel among them, has to agree frame by frame.
 */
@NullMarked
package dev.turnout.tests.model;

import org.jspecify.annotations.NullMarked;
