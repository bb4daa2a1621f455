package dev.turnout.diagnostics.diagnostic;

import static dev.turnout.diagnostics.diagnostic.Severity.ERROR;
import static dev.turnout.diagnostics.diagnostic.Severity.WARNING;

import java.util.Optional;

/**
 * Every code that the tools can report, once. Ranges by stage: E01xx syntax, E02xx names, E03xx types, E04xx limits of
 * BPF and demands, W05xx warnings, V01xx verifier, O01xx objects and bytecode, R01xx running, I01xx IR text, U01xx usage and input,
 * L01xx live patching, X01xx our own bugs. An id is never given to another meaning.
 *
 * <p>To add one: a row here, a report where the mistake is found, a page {@code docs/diagnostics/CODE.md} with a failing
 * and a fixed example, and a golden file that provokes it.
 */
public enum DiagnosticCode {
    // E01xx: syntax
    E0101(ERROR, "unexpected token"),
    E0102(ERROR, "unterminated literal or comment"),
    E0103(ERROR, "character that no token begins with"),
    E0104(ERROR, "missing token"),
    E0105(ERROR, "malformed literal"),
    E0106(ERROR, "file too large"),
    E0107(ERROR, "text that is not UTF-8"),
    E0108(ERROR, "nested too deeply"),
    E0109(ERROR, "comparisons do not chain"),
    E0110(ERROR, "the two signs of a shift apart"),
    E0111(ERROR, "assignment to what is no place"),
    E0112(ERROR, "assignment where a value is wanted"),
    // E02xx: names
    E0201(ERROR, "unknown name"),
    E0202(ERROR, "declared twice"),
    E0203(ERROR, "local that hides another local"),
    E0204(ERROR, "module that cannot be imported"),
    E0205(ERROR, "imports in a circle"),
    E0206(ERROR, "name that is not public"),
    E0207(ERROR, "name that two imports give"),
    E0208(ERROR, "declaration that contains itself"),
    E0209(ERROR, "unknown field"),
    E0210(ERROR, "unknown member of an enum"),
    E0211(ERROR, "attribute unknown or in the wrong place"),
    E0212(ERROR, "name of the wrong kind"),
    E0214(ERROR, "unknown label"),
    E0215(ERROR, "two declarations with one name in the object"),
    E0216(ERROR, "unknown method"),
    E0217(ERROR, "unknown program kind"),
    E0218(ERROR, "licence stated twice"),
    // E03xx: types
    E0301(ERROR, "type mismatch"),
    E0302(ERROR, "number that does not fit"),
    E0303(ERROR, "operands of different types"),
    E0304(ERROR, "operator that the type does not have"),
    E0305(ERROR, "conversion that does not exist"),
    E0306(ERROR, "nullable value used without a test"),
    E0307(ERROR, "test for null of what is never null"),
    E0308(ERROR, "nothing to return when a value is missing"),
    E0309(ERROR, "change of what is constant"),
    E0310(ERROR, "value where a place is needed"),
    E0311(ERROR, "type that cannot live there"),
    E0312(ERROR, "field that the layout does not allow"),
    E0313(ERROR, "value that must be given"),
    E0314(ERROR, "wrong number of arguments"),
    E0315(ERROR, "call of what is no function"),
    E0316(ERROR, "statement without effect, or dropped null"),
    E0317(ERROR, "missing or surplus result"),
    E0318(ERROR, "patterns that overlap"),
    E0319(ERROR, "missing cases"),
    E0320(ERROR, "pattern or operand that a switch cannot have"),
    E0321(ERROR, "constant required"),
    E0322(ERROR, "constant division by zero or too wide shift"),
    E0323(ERROR, "misplaced fallthrough"),
    E0324(ERROR, "jump without a loop"),
    E0325(ERROR, "loop without a limit"),
    E0326(ERROR, "program header that its kind does not allow"),
    E0327(ERROR, "test construct outside a test"),
    E0328(ERROR, "result that refers to a local"),
    E0329(ERROR, "member of an unknown enum"),
    E0330(ERROR, "block that must leave"),
    E0331(ERROR, "format that does not fit its arguments"),
    E0332(ERROR, "enum that is not well formed"),
    E0333(ERROR, "index that is wrong"),
    E0334(ERROR, "value where there is none"),
    E0335(ERROR, "reference that cannot be"),
    E0336(ERROR, "wrong use of a map"),
    E0337(ERROR, "wrong use of a key"),
    E0338(ERROR, "wrong use of an atomic operation"),
    E0339(ERROR, "`continue` that does not fit its label"),
    E0340(ERROR, "comptime that cannot be"),
    E0341(ERROR, "nullable of what cannot be null"),
    E0342(ERROR, "wrong use of a function as a value"),
    E0343(ERROR, "limit that counts nothing"),
    E0344(ERROR, "table of functions that is not well formed"),
    E0345(ERROR, "wrong use of a tail call"),
    E0346(ERROR, "wrong use of what is owned"),
    E0347(ERROR, "wrong use of `defer`"),
    E0348(ERROR, "wrong use of a lock"),
    // E04xx: limits of BPF and demands
    E0401(ERROR, "too many arguments"),
    E0402(ERROR, "recursion"),
    E0403(ERROR, "helper that needs a GPL-compatible licence"),
    E0404(ERROR, "operation that the program kind does not have"),
    E0405(ERROR, "access that the program kind does not allow"),
    E0406(ERROR, "use of a packet reference after the packet may have moved"),
    E0412(ERROR, "switch that cannot be a jump table"),
    E0413(ERROR, "static branch that cannot be patched code"),
    E0414(ERROR, "call that cannot be indirect"),
    E0415(ERROR, "construct that the target lacks"),
    E0416(ERROR, "frame that is too large"),
    E0417(ERROR, "function that is too long for its jumps"),
    E0418(ERROR, "jump that cannot be direct"),
    E0419(ERROR, "calls that are nested too deeply"),
    E0421(ERROR, "index that may be out of range"),
    E0422(ERROR, "loop whose bound is not evident"),
    E0430(ERROR, "chain of tail calls that is too long"),
    // W05xx: warnings
    W0501(WARNING, "unreachable code"),
    W0502(WARNING, "else that never runs"),
    W0510(WARNING, "circle of tail calls"),
    // I01xx: IR text
    I0101(ERROR, "IR text that does not parse"),
    I0102(ERROR, "IR name that is missing or taken"),
    I0103(ERROR, "IR types that do not fit"),
    // O01xx: objects and bytecode
    O0101(ERROR, "code of a broken length"),
    O0102(ERROR, "unknown opcode"),
    O0103(ERROR, "field of an instruction out of its range"),
    O0104(ERROR, "register that cannot stand there"),
    O0105(ERROR, "broken wide load"),
    O0107(ERROR, "broken assembly text"),
    O0110(ERROR, "not an object file"),
    O0111(ERROR, "object for another machine"),
    O0112(ERROR, "object cut short"),
    O0113(ERROR, "broken section or symbol table"),
    O0114(ERROR, "relocation that cannot be applied"),
    O0115(ERROR, "misplaced function"),
    O0116(ERROR, "broken jump table"),
    O0117(ERROR, "broken map definition"),
    O0118(ERROR, "broken type information"),
    O0119(ERROR, "broken line or function information"),
    O0120(ERROR, "broken static branch record"),
    O0121(ERROR, "broken function table"),
    O0130(ERROR, "no such program"),
    O0131(ERROR, "program that cannot be loaded"),
    O0132(ERROR, "program too large"),
    O0140(ERROR, "name that two objects define"),
    O0141(ERROR, "name that two objects mean differently"),
    O0142(ERROR, "objects under different licences"),
    O0143(ERROR, "sections that cannot be joined"),
    O0144(ERROR, "key that two objects define differently"),
    O0145(WARNING, "name that no object defines"),
    // V01xx: verifier
    V0101(ERROR, "instruction that a program may not contain"),
    V0102(ERROR, "jump to where no instruction begins"),
    V0103(ERROR, "instruction that no path reaches"),
    V0104(ERROR, "path that runs off the end of a function"),
    V0105(ERROR, "recursion"),
    V0106(ERROR, "stack deeper than 512 bytes"),
    V0107(ERROR, "calls nested too deep"),
    V0108(ERROR, "constant that the operation does not take"),
    V0109(ERROR, "program too large to decide"),
    V0110(ERROR, "loop that may not end"),
    V0111(ERROR, "register read before it is written"),
    V0112(ERROR, "memory access through a number"),
    V0113(ERROR, "use of a pointer that may be null"),
    V0114(ERROR, "access outside of a map's value"),
    V0115(ERROR, "access outside of the stack frame"),
    V0116(ERROR, "read of stack bytes that nothing has written"),
    V0117(ERROR, "access to packet bytes that are not proven present"),
    V0118(ERROR, "access to the context that its type does not allow"),
    V0119(ERROR, "write to memory that is read-only"),
    V0120(ERROR, "arithmetic that a pointer does not allow"),
    V0121(ERROR, "comparison that a pointer does not allow"),
    V0122(ERROR, "pointer stored where it must not be"),
    V0123(ERROR, "argument that the helper does not take"),
    V0124(ERROR, "helper that this program may not call"),
    V0125(ERROR, "GPL-only helper in a program without that licence"),
    V0126(ERROR, "map that the helper does not work on"),
    V0127(ERROR, "result that the program type does not allow"),
    V0128(ERROR, "indirect jump to what is no table entry"),
    V0129(ERROR, "index outside of a table"),
    V0130(ERROR, "jump table that leaves its function"),
    V0131(ERROR, "indirect call of what is no function"),
    V0132(ERROR, "access outside of the given memory"),
    V0133(ERROR, "misaligned access"),
    V0134(ERROR, "construct that the verifier has no model of"),
    V0135(ERROR, "write to the frame pointer"),
    V0136(ERROR, "malformed program"),
    V0137(ERROR, "function table that names what is no function"),
    V0140(ERROR, "tail call above frames that are too large"),
    V0141(ERROR, "resource that is not given back"),
    V0142(ERROR, "giving back what is not held"),
    V0143(ERROR, "misuse of a lock"),
    V0144(ERROR, "not allowed while a lock is held or a region is open"),
    V0145(ERROR, "region that is not open"),
    V0146(ERROR, "misuse of a dynptr"),
    V0147(ERROR, "misuse of an iterator"),
    V0148(ERROR, "misuse of saved interrupt flags"),
    V0149(ERROR, "access to a field of the kernel's own"),
    V0150(ERROR, "call without the field that it is about"),
    V0151(ERROR, "kernel function that this program may not call"),
    V0152(ERROR, "argument that the kernel function does not take"),
    V0153(ERROR, "map that programs of this type cannot use"),
    V0156(ERROR, "helper that may sleep in a program that may not"),
    V0161(ERROR, "access to a socket that its kind does not allow"),
    V0162(ERROR, "legacy packet load where there is none"),
    V0176(ERROR, "function that may end early without an int"),
    V0177(ERROR, "one instruction for things of several kinds"),
    V0178(ERROR, "more maps than a program may use"),
    // R01xx: running
    R0101(ERROR, "access outside of what was proven"),
    R0102(ERROR, "map that cannot be made"),
    R0103(ERROR, "map kind that this machine lacks"),
    R0104(ERROR, "helper that this machine lacks"),
    R0105(ERROR, "capture that cannot be read"),
    R0106(ERROR, "capture cut short"),
    R0107(ERROR, "capture of another format"),
    R0108(ERROR, "map content that does not fit"),
    R0109(ERROR, "no such map"),
    R0110(ERROR, "run that takes too long"),
    R0111(ERROR, "two maps of one name"),
    R0112(ERROR, "input that the program cannot be fed"),
    R0113(ERROR, "instruction that this machine lacks"),
    R0114(ERROR, "native code that the system does not allow"),
    R0117(ERROR, "program that a program array does not take"),
    R0118(ERROR, "kernel function that this machine lacks"),
    R0120(ERROR, "kernel that does not let us in"),
    R0121(ERROR, "kernel that lacks a feature"),
    R0122(ERROR, "program that the kernel refuses"),
    R0123(ERROR, "map that the kernel refuses"),
    R0124(ERROR, "test run that the kernel refuses"),
    R0125(ERROR, "memory that the kernel does not give"),
    R0126(ERROR, "map that exists with another shape"),
    R0127(WARNING, "types that the kernel does not read"),
    R0128(ERROR, "no such program in the kernel"),
    R0129(ERROR, "no such key of a loaded program"),
    // T01xx: tests of the language
    T0101(ERROR, "expectation that does not hold"),
    T0102(ERROR, "map that no program uses"),
    T0103(ERROR, "test that cannot go on"),
    T0104(ERROR, "function that no program reaches"),
    // U01xx: usage and input
    U0101(ERROR, "unknown command"),
    U0102(ERROR, "wrong usage of a command"),
    U0103(ERROR, "unreadable input"),
    U0104(ERROR, "unwritable output"),
    U0105(ERROR, "no such program"),
    U0106(ERROR, "out of memory"),
    U0107(ERROR, "unusable map preset"),
    U0108(ERROR, "unusable packet"),
    U0109(ERROR, "unknown diagnostic code"),
    U0110(ERROR, "unusable configuration value"),
    U0111(ERROR, "unusable bytecode or memory"),
    // X01xx: our own bugs
    X0101(ERROR, "internal error");

    private final Severity severity;
    private final String title;

    DiagnosticCode(Severity severity, String title) {
        this.severity = severity;
        this.title = title;
    }

    public Severity severity() {
        return severity;
    }

    /** A few words that name the kind of mistake, for lists and page titles. */
    public String title() {
        return title;
    }

    /** The row with this id, if there is one. */
    public static Optional<DiagnosticCode> of(String id) {
        for (DiagnosticCode code : values()) {
            if (code.name().equalsIgnoreCase(id)) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }
}
