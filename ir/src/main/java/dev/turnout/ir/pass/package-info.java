/**
 * What makes the IR better without changing what it means. A pass is one file with one door, {@code run}: a function (or a
 * module) goes in and another comes out. Each opens with its idea, a piece of IR before and after, what it asks for and what
 * it costs. {@code Pipeline} lists them in order, with the reason for each place.
 *
 * <p>Passes rewrite a private {@code Draft} and freeze it at the end, which drops unreachable blocks and numbers everything
 * anew. Between passes the checker may run. The golden files under {@code src/test/resources/pass} show each pass at work;
 * their before and after are also run and must give the same results.
 */
@NullMarked
package dev.turnout.ir.pass;

import org.jspecify.annotations.NullMarked;
