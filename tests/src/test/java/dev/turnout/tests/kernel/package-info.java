/**
 * Kernels as judges of every program of the repository.
 *
 * <p>What is done with a loaded object, by its {@code test} blocks and by a capture that goes through its programs, is written into a {@link
 * dev.turnout.tests.kernel.Journal}, a line for each operation and its answer. The journals of the running kernel are compared with those
 * of our engines ({@link dev.turnout.tests.kernel.KernelAgreementTest}); those of the interpreter are written into a folder with the objects
 * ({@link dev.turnout.tests.kernel.CaseFile}), for {@code tests/kernel-vm} to have them repeated on other Linuxes, by a program in C that
 * knows nothing but stock libbpf ({@code tests/native/kernel-cases.c}).
 *
 * <p>Some answers depend on the time, on chance or on who runs. Our engines are therefore asked in several worlds, and what is not the
 * same in all of them is nothing that a kernel is held to.
 */
@NullMarked
package dev.turnout.tests.kernel;

import org.jspecify.annotations.NullMarked;
