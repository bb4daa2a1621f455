/**
 * Records that programs write for somebody outside, and the helpers and kernel functions that work on bounded memory: beside the
 * running kernel, and under many threads.
 */
@NullMarked
package dev.turnout.tests.events;

import org.jspecify.annotations.NullMarked;
