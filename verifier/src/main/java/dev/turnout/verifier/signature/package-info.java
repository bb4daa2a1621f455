/**
 * Global functions as their types describe them. Linux verifies such a function once, alone, for any arguments that fit its prototype,
 * and a call of it for fitting arguments only: neither looks into the other. {@link dev.turnout.verifier.signature.Signatures} reads the
 * prototypes (BTF, with the annotations {@code arg:nonnull}, {@code arg:ctx}, …) into {@link
 * dev.turnout.verifier.signature.Signature}s; a checker holds a call to it, {@code transfer} gives the state after the call and the one
 * at the function's entry.
 *
 * <p>So {@code int sum(struct pair *p, int n)} may be called with null for {@code p}: its type does not say otherwise, and the function
 * has to ask. With {@code struct pair *p __arg_nonnull} the call is held to that.
 *
 * <p>Only a prediction of Linux's verdict works so. A program that runs here is proven with what its calls really pass, which accepts
 * more and is as safe. Source: {@code btf_prepare_func_args}, {@code btf_check_func_arg_match} of Linux 7.2.
 */
@NullMarked
package dev.turnout.verifier.signature;

import org.jspecify.annotations.NullMarked;
