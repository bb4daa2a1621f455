/**
 * What a loader in any language wants to know of an object. {@link dev.turnout.driver.describe.ObjectDescription} collects it; it becomes a
 * header for C ({@link dev.turnout.driver.describe.CHeader}) or JSON ({@link dev.turnout.driver.describe.DescriptionJson}). Both are
 * functions of the description alone, so an object file of another compiler is described as well as a text of ours, as far as its types
 * tell.
 */
@NullMarked
package dev.turnout.driver.describe;

import org.jspecify.annotations.NullMarked;
