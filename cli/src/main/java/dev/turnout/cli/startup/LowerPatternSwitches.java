package dev.turnout.cli.startup;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Turns switches over sealed families into chains of {@code instanceof}.
 *
 * <p>The compiler makes of {@code switch (operation) { case Binary … }} a call site that spins a class of its own when it is
 * first reached. A build of a small program reaches over a hundred, and unlike lambdas they cannot be kept in the cache of
 * loaded classes: together they took a fifth of the time of {@code ./turnout build}. What a site would spin is known from its
 * labels, so it is written down here, as a private method that the site calls. Sites with labels other than classes stay.
 */
public final class LowerPatternSwitches {
    private static final ClassDesc BOOTSTRAPS = ClassDesc.of("java.lang.runtime.SwitchBootstraps");
    // Not from a descriptor string: JDK 25 fails on that if it is the first type to be described.
    private static final MethodTypeDesc SELECTOR =
            MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_Object, ConstantDescs.CD_int);
    private static final String OURS = "dev/turnout/";

    private final ClassFile files;

    private LowerPatternSwitches(ClassHierarchyResolver resolver) {
        files = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(resolver));
    }

    /** Arguments: the jar, which is also on the class path, and the jar to write. */
    public static void main(String[] args) throws IOException {
        ClassHierarchyResolver resolver = ClassHierarchyResolver.ofResourceParsing(
                        LowerPatternSwitches.class.getClassLoader())
                .orElse(ClassHierarchyResolver.defaultResolver());
        new LowerPatternSwitches(resolver).copy(Path.of(args[0]), Path.of(args[1]));
    }

    private void copy(Path from, Path to) throws IOException {
        try (ZipFile in = new ZipFile(from.toFile());
                OutputStream file = new BufferedOutputStream(Files.newOutputStream(to));
                ZipOutputStream out = new ZipOutputStream(file)) {
            var entries = in.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                byte[] bytes = in.getInputStream(entry).readAllBytes();
                boolean ours =
                        entry.getName().startsWith(OURS) && entry.getName().endsWith(".class");
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTime(entry.getTime());
                out.putNextEntry(copy);
                out.write(ours ? lower(bytes) : bytes);
                out.closeEntry();
            }
        }
    }

    /** The class with its switches lowered. */
    private byte[] lower(byte[] bytes) {
        ClassModel model = files.parse(bytes);
        ClassDesc self = model.thisClass().asSymbol();
        boolean isInterface = model.flags().has(AccessFlag.INTERFACE);
        Map<List<ClassDesc>, String> selectors = new LinkedHashMap<>();
        ClassTransform sites = ClassTransform.transformingMethodBodies((code, element) -> {
            Optional<List<ClassDesc>> labels =
                    element instanceof InvokeDynamicInstruction site ? labels(site) : Optional.empty();
            if (labels.isPresent()) {
                String name = selectors.computeIfAbsent(labels.get(), _ -> "typeSwitch$" + selectors.size());
                code.invokestatic(self, name, SELECTOR, isInterface);
            } else {
                code.with(element);
            }
        });
        byte[] lowered = files.transformClass(
                model,
                sites.andThen(ClassTransform.endHandler(
                        builder -> selectors.forEach((labels, name) -> selector(builder, name, labels)))));
        return selectors.isEmpty() ? bytes : lowered;
    }

    /** The labels of a switch over classes; empty if the call site is something else. */
    private static Optional<List<ClassDesc>> labels(InvokeDynamicInstruction site) {
        if (!site.bootstrapMethod().owner().equals(BOOTSTRAPS)
                || !site.bootstrapMethod().methodName().equals("typeSwitch")
                || !site.typeSymbol().returnType().equals(SELECTOR.returnType())) {
            return Optional.empty();
        }
        List<ClassDesc> labels = new ArrayList<>();
        for (ConstantDesc label : site.bootstrapArgs()) {
            if (!(label instanceof ClassDesc type) || type.isPrimitive()) {
                return Optional.empty();
            }
            labels.add(type);
        }
        return Optional.of(labels);
    }

    /**
     * {@code int typeSwitch$n(Object value, int from)} as {@code SwitchBootstraps.typeSwitch} defines it: -1 for null, the first
     * label from {@code from} on that the value is an instance of, or else their number.
     */
    private static void selector(ClassBuilder builder, String name, List<ClassDesc> labels) {
        int flags = ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC;
        builder.withMethodBody(name, SELECTOR, flags, code -> {
            Label notNull = code.newLabel();
            code.aload(0).ifnonnull(notNull).iconst_m1().ireturn().labelBinding(notNull);
            for (int i = 0; i < labels.size(); i++) {
                test(code, labels.get(i), i);
            }
            code.loadConstant(labels.size()).ireturn();
        });
    }

    private static void test(CodeBuilder code, ClassDesc label, int number) {
        Label next = code.newLabel();
        code.iload(1).loadConstant(number).if_icmpgt(next);
        code.aload(0).instanceOf(label).ifeq(next);
        code.loadConstant(number).ireturn().labelBinding(next);
    }
}
