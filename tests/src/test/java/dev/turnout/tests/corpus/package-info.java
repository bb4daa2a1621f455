/**
 * Objects that other compilers made, committed as they came: {@code tests/corpus}, whose README says how. Each is loaded,
 * verified and run on every engine, and must return what the same source returns natively.
 */
@NullMarked
package dev.turnout.tests.corpus;

import org.jspecify.annotations.NullMarked;
