/**
 * What {@code bpf_fib_lookup} asks: a {@link dev.turnout.runtime.route.RouteTable} of interfaces, routes and neighbours that a host gives to
 * a machine, since no network stands behind one. {@link dev.turnout.runtime.route.RouteReader} makes it of data; addresses are {@link
 * dev.turnout.runtime.route.Address}es of 4 or 16 bytes.
 *
 * <p>Source: Linux 7.2, the documented results of the helper, and what they are on the running kernel.
 */
@NullMarked
package dev.turnout.runtime.route;

import org.jspecify.annotations.NullMarked;
