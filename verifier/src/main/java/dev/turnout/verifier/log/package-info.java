/**
 * A verdict as Linux would log it, for people and tools that know that look: the way to the failing instruction with what each
 * step leaves in registers, the source lines between, the reason in the kernel's words, a line of figures. The door is {@link
 * dev.turnout.verifier.log.KernelLog}. The look and the words that one searches for are Linux's (7.2, {@code print_verifier_state}
 * and the messages of {@code verifier.c}); what is known is this verifier's, which may know more.
 */
@NullMarked
package dev.turnout.verifier.log;

import org.jspecify.annotations.NullMarked;
