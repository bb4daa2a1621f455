/**
 * From a text to an object, stage by stage: {@code Compilation} is the list, in order. Each stage
 * is made when first asked for and kept, so that a dump of an early stage does not need the later ones, and every rim sees
 * the same pieces.
 */
@NullMarked
package dev.turnout.driver.pipeline;

import org.jspecify.annotations.NullMarked;
