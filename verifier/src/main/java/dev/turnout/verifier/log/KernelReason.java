package dev.turnout.verifier.log;

import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.O0102;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.O0103;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.O0104;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0102;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0103;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0104;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0105;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0106;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0107;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0108;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0109;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0110;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0111;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0112;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0113;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0114;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0115;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0116;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0117;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0118;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0119;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0120;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0122;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0123;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0124;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0125;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0126;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0127;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0128;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0129;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0130;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0131;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0132;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0133;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0135;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0136;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0140;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0141;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0142;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0143;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0144;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0145;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0146;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0147;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0150;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0151;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0152;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0153;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0162;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0176;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0177;
import static dev.turnout.diagnostics.diagnostic.DiagnosticCode.V0178;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What Linux says when it rejects a program, and which code says it here. The rows are read by {@code explain}, which takes a line
 * of a kernel's log, and by the page about the verifier; a test provokes each.
 *
 * @param row groups fragments of one reason
 * @param fragment the words that Linux 7.2 has, {@code %} for what depends on the program
 * @param codes of this verifier for the same; none where {@code remark} says why there is none
 * @param remark empty where there are codes
 */
public record KernelReason(int row, String fragment, List<DiagnosticCode> codes, String remark) {
    private static final List<KernelReason> ALL = List.of(
            row(1, "R% !read_ok", V0111),
            row(2, "frame pointer is read only", V0135),
            row(3, "R% is invalid", O0104),
            row(4, "unknown opcode %", O0102),
            row(5, "% uses reserved fields", O0103),
            row(6, "invalid BPF_ALU opcode %", O0102),
            row(7, "div by zero", V0108),
            row(8, "invalid shift %", V0108),
            row(9, "last insn is not an exit or jmp", V0104),
            row(10, "jump out of range from insn % to %", V0102),
            row(11, "jump into the middle of ldimm64 insn %", V0102),
            row(12, "unreachable insn %", V0103),
            absent(
                    13,
                    "back-edge from insn % to %",
                    "said to loaders without CAP_BPF only: for others loops are allowed, and their end is proven (V0110)"),
            row(14, "infinite loop detected at insn %", V0110),
            row(15, "BPF program is too large. Processed % insn", V0109),
            row(16, "The sequence of % jumps is too complex", V0109),
            row(17, "the call stack of % frames is too deep", V0107),
            row(18, "combined stack size of % calls is %. Too large", V0106),
            row(19, "stack size of subprog % is %. Too large", V0106),
            row(20, "recursive call from % to %", V0105),
            row(21, "too many subprograms", V0109),
            row(22, "call to invalid destination", V0102),
            absent(
                    23,
                    "missing btf func_info",
                    "Linux asks for types of functions before it looks at them; here the code alone is enough. Compile with `-g` to load it into Linux"),
            absent(
                    24,
                    "number of funcs in func_info doesn't match number of subprogs",
                    "records of a loader, which counts functions itself"),
            row(25, "callback function not static", V0123),
            row(26, "R% type=% expected=func", V0123, V0131),
            row(27, "R% invalid mem access 'scalar'", V0112),
            row(28, "R% invalid mem access '%_or_null'", V0113),
            row(29, "invalid access to map value, value_size=% off=% size=%", V0114),
            row(
                    30,
                    "R% min value is negative, either use unsigned index or do a if (index >=0) check.",
                    V0114,
                    V0132,
                    V0117),
            row(31, "R% unbounded memory access, make sure to bounds check any such access", V0114, V0132),
            row(32, "R% max value is outside of the allowed memory range", V0114, V0132),
            row(33, "invalid access to packet, off=% size=%", V0117),
            row(34, "R% offset is outside of the packet", V0117),
            row(35, "invalid bpf_context access off=% size=%", V0118),
            row(36, "dereference of modified ctx ptr R% off=% disallowed", V0118),
            row(37, "variable ctx access var_off=% disallowed", V0118),
            row(38, "cannot write into packet", V0119),
            row(38, "R% cannot write into rdonly_%", V0119),
            row(39, "write into map forbidden", V0119),
            row(40, "read from map forbidden", V0119),
            row(41, "invalid % stack R% off=% size=%", V0115),
            row(42, "invalid read from stack % off %+% size %", V0116),
            row(43, "invalid variable-offset % stack R% var_off=%", V0115),
            row(43, "invalid unbounded variable-offset % stack R%", V0115),
            absent(44, "R% variable stack access prohibited for !root", "said to loaders without CAP_PERFMON only"),
            absent(
                    45,
                    "attempt to corrupt spilled pointer on stack",
                    "said to loaders without CAP_PERFMON only; here the pointer is lost, and its next use says so (V0112)"),
            row(46, "invalid size of register spill", V0122),
            row(46, "invalid size of register fill", V0122),
            absent(47, "slot poisoned by dead code elimination", "an inner check of Linux's own liveness"),
            row(48, "misaligned % access off %", V0133),
            row(49, "R% pointer arithmetic with % operator prohibited", V0120),
            row(50, "R% 32-bit pointer arithmetic prohibited", V0120),
            row(51, "R% pointer % pointer prohibited", V0120),
            row(52, "R% tried to subtract pointer from scalar", V0120),
            row(53, "math between % pointer and % is not allowed", V0120),
            absent(
                    54,
                    "R% pointer comparison prohibited",
                    "said to loaders without CAP_PERFMON; comparing half of a pointer is V0121"),
            row(55, "R% leaks addr into %", V0122),
            row(56, "R% leaks addr as return value", V0127),
            row(57, "At program exit the register R0 has %", V0127),
            row(58, "At subprogram exit the register R0 is not a scalar value", V0127),
            row(59, "R0 !read_ok", V0111),
            row(60, "R% type=% expected=%", V0123),
            row(61, "invalid func unknown#%", V0124),
            row(62, "program of this type cannot use helper %", V0124),
            row(63, "cannot call GPL-restricted function from non-GPL compatible program", V0125),
            row(64, "cannot pass map_type % into func %", V0126),
            row(65, "expected prog array map for tail call", V0126),
            row(66, "R% invalid zero-sized read", V0123),
            row(67, "R% min value is negative, either use unsigned or 'var &= const'", V0123),
            row(68, "% memory, len pair leads to invalid memory access", V0152),
            row(69, "Unreleased reference id=% alloc_insn=%", V0141),
            row(70, "release helper % expects referenced PTR_TO_BTF_ID", V0142, V0123, V0152),
            row(71, "R% must be referenced or trusted", V0152),
            row(72, "% in RCU CS%", V0145, V0144),
            row(73, "function calls are not allowed while holding a lock", V0144),
            row(74, "bpf_spin_unlock without taking a lock", V0143),
            row(75, "calling kernel function % is not allowed", V0151),
            row(76, "% has no valid kptr", V0150),
            row(77, "expected an initialized iter_%", V0147),
            row(78, "Dynptr has to be an uninitialized dynptr", V0146),
            row(78, "Expected an initialized dynptr", V0146),
            row(79, "LD_ABS is only allowed in functions that return 'int'", V0162),
            row(80, "tail_call is only allowed in functions that return 'int'", V0176),
            row(81, "tail_calls are not allowed when call stack of previous frames is % bytes", V0140),
            row(82, "cannot tail call within callback", V0124),
            absent(
                    83,
                    "tail_calls are not allowed in programs with stack args",
                    "arguments on the stack come with Linux 7.2's own compiler support; an object that uses them names register 11 (O0104)"),
            row(84, "same insn cannot be used with different pointers", V0177),
            row(85, "no jump tables found for subprog starting at %", V0128),
            row(85, "jump table for insn % points outside of the subprog", V0130),
            row(86, "R% has type %, expected PTR_TO_INSN", V0128),
            row(87, "R% points to outside of jump table", V0129),
            row(88, "the sum of R% umin_value % and off % is too big", V0129),
            row(89, "R% map type insn_array cannot be used as const string", V0123),
            row(90, "invalid access to map value pointer, value_size=% off=%", V0136),
            row(91, "no direct value access support for this map type", V0136),
            row(92, "The total number of maps per program has reached the limit of %", V0178),
            absent(93, "fd % is not pointing to valid bpf_map", "descriptors of a loader; objects name their maps"),
            absent(94, "JIT doesn't support %", "says what one machine's kernel was built with"),
            absent(
                    95,
                    "Caller passes invalid args into func#%",
                    "the line before it says which argument, and has the code"),
            absent(
                    96,
                    "arg#% % in % is not supported",
                    "a global function with such a parameter is not modelled: V0134 where it is called"),
            row(97, "stack arg%", O0104),
            absent(98, "% attach_btf_id%", "what it is attached to is looked up when it is loaded; see `--btf`"),
            absent(
                    99,
                    "program's hash doesn't match map's excl_prog_hash",
                    "made by loaders; objects have no such maps"),
            row(100, "Sleepable programs can only use array, hash, ringbuf and local storage maps", V0153));

    public KernelReason {
        codes = List.copyOf(codes);
        if (codes.isEmpty() == remark.isEmpty()) {
            throw new IllegalArgumentException("row " + row + " has codes or a remark, one of both");
        }
    }

    private static KernelReason row(int row, String fragment, DiagnosticCode... codes) {
        return new KernelReason(row, fragment, List.of(codes), "");
    }

    private static KernelReason absent(int row, String fragment, String remark) {
        return new KernelReason(row, fragment, List.of(), remark);
    }

    /** The fragment for people: {@code …} for what depends on the program. */
    public String words() {
        return fragment.replace('%', '…');
    }

    /** All rows, in order. */
    public static List<KernelReason> all() {
        return ALL;
    }

    /** The row whose words stand in a line of a log; of several the one with the most words. */
    public static Optional<KernelReason> of(String line) {
        KernelReason best = null;
        for (KernelReason one : ALL) {
            boolean longer = best == null || one.fragment.length() > best.fragment.length();
            if (longer && one.pattern().matcher(line).find()) {
                best = one;
            }
        }
        return Optional.ofNullable(best);
    }

    /** What the words look like in a log. */
    public Pattern pattern() {
        return Pattern.compile(
                Arrays.stream(fragment.split("%", -1)).map(Pattern::quote).collect(Collectors.joining(".*?")));
    }
}
