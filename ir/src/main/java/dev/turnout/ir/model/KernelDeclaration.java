package dev.turnout.ir.model;

/**
 * A function of the kernel that is no helper, as a program declares it; {@link Operation.CallKernel} calls it by its name.
 *
 * @param signature what the program takes it for; loaders compare it with what the kernel says
 */
public record KernelDeclaration(String name, DebugType.Function signature) {}
