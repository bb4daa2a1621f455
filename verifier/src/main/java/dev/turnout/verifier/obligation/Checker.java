package dev.turnout.verifier.obligation;

import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Reg;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.Width;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.stdlib.helper.HelperFunction;
import dev.turnout.stdlib.program.ProgramSection;
import dev.turnout.stdlib.program.ProgramType;
import dev.turnout.stdlib.program.ResultRange;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.cfg.Exceptions;
import dev.turnout.verifier.domain.AbstractAlgebra;
import dev.turnout.verifier.domain.Form;
import dev.turnout.verifier.domain.Num;
import dev.turnout.verifier.domain.Region;
import dev.turnout.verifier.domain.State;
import dev.turnout.verifier.domain.Value;
import dev.turnout.verifier.kernel.TypedContext;
import dev.turnout.verifier.report.Violation;
import dev.turnout.verifier.signature.Signature;
import dev.turnout.verifier.signature.Signatures;
import java.util.Optional;

/** Judges obligations on what is known. */
public final class Checker {
    private final Optional<TypedContext> typed;
    private final BpfProgram program;
    private final Options options;
    private final AccessCheck access;
    private final ArithmeticCheck arithmetics;
    private final HelperCheck helpers;
    private final ArgumentCheck arguments;
    private final HeldCheck held;
    private final Signatures signatures;
    private final SignatureCheck globals;
    private final FieldCheck fields;
    private final KernelCheck kernel;
    private final OneKind kinds = new OneKind();
    private final CallCheck calls;
    private final Exceptions exceptions;
    private final GlobalCallCheck regions;

    public Checker(BpfProgram program, Options options) {
        this.typed = TypedContext.of(program);
        this.program = program;
        this.options = options;
        this.arithmetics = new ArithmeticCheck(options);
        this.access = new AccessCheck(program, options);
        this.helpers = new HelperCheck(program, options);
        this.arguments = new ArgumentCheck(program, options, access);
        this.held = new HeldCheck(program);
        this.signatures = Signatures.of(program, options);
        this.globals = new SignatureCheck(access, held);
        this.fields = new FieldCheck(program);
        this.regions = new GlobalCallCheck(program, held);
        this.kernel = new KernelCheck(program, access, held, fields);
        this.calls = new CallCheck(program);
        this.exceptions = Exceptions.of(program);
    }

    /** The first obligation of the instruction at {@code slot} that is not proven. */
    public Optional<Violation> check(State state, int slot, Insn insn) {
        for (Obligation obligation : Obligation.of(insn)) {
            Optional<Violation> violation = judge(state, slot, obligation);
            if (violation.isPresent()) {
                Optional<Reg> subject = obligation.subject();
                return subject.isPresent() ? violation.map(v -> v.about(subject.get())) : violation;
            }
        }
        return kinds.check(state, slot, insn);
    }

    private Optional<Violation> judge(State state, int slot, Obligation obligation) {
        return switch (obligation) {
            case Obligation.Readable readable -> readable(state, slot, readable.reg());
            case Obligation.Number number -> number(state, slot, number);
            case Obligation.Access a -> access.check(state, slot, a);
            case Obligation.Storable storable -> storable(state, slot, storable);
            case Obligation.Writable writable ->
                violation(DiagnosticCode.V0135, slot, "the frame pointer `" + writable.reg() + "` is read-only");
            case Obligation.ConstantOperand constant -> arithmetics.constantOperand(slot, constant.alu());
            case Obligation.Arithmetic arithmetic -> arithmetics.check(state, slot, arithmetic.alu());
            case Obligation.Comparable comparable -> comparable(state, slot, comparable.jump());
            case Obligation.Kept kept -> fields.kept(state, slot, kept);
            case Obligation.Call call ->
                regions.check(state, slot, call.distance())
                        .or(() -> signatures
                                .at(slot + 1L + call.distance())
                                .flatMap(signature -> globals.call(state, slot, signature)))
                        .or(() -> throwsElsewhere(state, slot, slot + 1 + call.distance()));
            case Obligation.KernelCall call ->
                kernel.check(state, slot, call.call()).or(() -> thrown(state, slot, call.call()));
            case Obligation.Undisturbed call -> undisturbed(state, slot, call.helper());
            case Obligation.NothingHeld nothing -> nothingHeld(state, slot, nothing.what());
            case Obligation.Callable callable -> helpers.callable(slot, callable.helper());
            case Obligation.Argument argument -> arguments.check(state, slot, argument.helper(), argument.index());
            case Obligation.Together together -> calls.check(state, slot, together.helper());
            case Obligation.TableEntry entry -> tableEntry(state, slot, entry.target());
            case Obligation.Function function -> function(state, slot, function.target());
            case Obligation.PacketLoad _ -> packetLoad(state, slot);
            case Obligation.Result _ -> result(state, slot);
        };
    }

    /** What is thrown becomes the program's result, and nothing is held anywhere. */
    private Optional<Violation> thrown(State state, int slot, Insn.CallKernel call) {
        return Exceptions.at(program, call)
                ? held.leavesAll(state, slot, "`bpf_throw` ends the program")
                        .or(() -> programResult(state, slot, state.reg(Reg.R1)))
                : Optional.empty();
    }

    /** A function that is verified alone may throw behind the call. */
    private Optional<Violation> throwsElsewhere(State state, int slot, int start) {
        return signatures.at(start).isPresent() && exceptions.mayThrow(start)
                ? held.leavesAll(
                        state, slot, "`" + program.functionAt(start).name() + "` may throw, which ends the program")
                : Optional.empty();
    }

    private Optional<Violation> undisturbed(State state, int slot, int id) {
        Optional<HelperFunction> helper = HelperFunction.ofId(id);
        if (helper.isEmpty()) {
            return Optional.empty();
        }
        if (helper.get() == HelperFunction.TAIL_CALL) {
            return held.leaves(state, slot, "a tail call leaves");
        }
        boolean underLock = helper.get() == HelperFunction.SPIN_UNLOCK || helper.get() == HelperFunction.KPTR_XCHG;
        String name = "bpf_" + helper.get().word();
        boolean sleepable = program.has(ProgramSection.Trait.SLEEPABLE);
        return held.called(state, slot, name, underLock)
                .or(() -> sleepable && helper.get().sleeps(true) ? held.rests(state, slot, name) : Optional.empty());
    }

    /** What a function holds when it returns is its caller's to give back. */
    private Optional<Violation> nothingHeld(State state, int slot, String what) {
        boolean returns = program.code().at(slot) instanceof Insn.Exit && state.depth() > 0;
        return returns ? Optional.empty() : held.leaves(state, slot, what);
    }

    private static Optional<Violation> violation(DiagnosticCode code, int slot, String message) {
        return Optional.of(Violation.of(code, slot, message));
    }

    private static Optional<Violation> readable(State state, int slot, Reg reg) {
        if (!(state.reg(reg) instanceof Value.Unreadable)) {
            return Optional.empty();
        }
        return Optional.of(
                Violation.of(DiagnosticCode.V0111, slot, "`" + reg + "` is read, but holds nothing readable here")
                        .note(
                                "it was not written on every path, was lost over a call (`r1` to `r5` are), or holds a pointer on one"
                                        + " path and something else on another")
                        .help("set it on every path before this instruction"));
    }

    private Optional<Violation> number(State state, int slot, Obligation.Number number) {
        Value value = state.reg(number.reg());
        if (value instanceof Value.Unreadable) {
            return readable(state, slot, number.reg());
        }
        if (value instanceof Value.Scalar || options.mayLeak()) {
            return Optional.empty();
        }
        return Optional.of(Violation.of(
                        DiagnosticCode.V0120,
                        slot,
                        number.operation() + " takes a number, `" + number.reg() + "` is none")
                .note("it is " + value.words()));
    }

    /** What goes to the stack stays what it is, if it goes there whole; what goes elsewhere becomes a number that others see. */
    private Optional<Violation> storable(State state, int slot, Obligation.Storable store) {
        Value value = state.reg(store.value());
        if (value instanceof Value.Scalar) {
            return Optional.empty();
        }
        if (!(state.reg(store.base()) instanceof Value.Pointer pointer
                && pointer.region() instanceof Region.Stack stack)) {
            return options.mayLeak()
                    ? Optional.empty()
                    : Optional.of(Violation.of(
                                    DiagnosticCode.V0122,
                                    slot,
                                    "`" + store.value()
                                            + "` is a pointer, and would be stored where others can read it")
                            .note("it is " + value.words() + "; pointers are kept on the stack only"));
        }
        Num at = AbstractAlgebra.INSTANCE.add(Width.W64, state.offset(pointer), Num.constant(store.offset()));
        if (options.mayLeak() && (!at.isConstant() || value instanceof Value.CodeAddress)) {
            return Optional.empty();
        }
        if (store.size() != Size.DW || !at.isConstant() || at.constant() % 8 != 0) {
            return Optional.of(Violation.of(
                            DiagnosticCode.V0122,
                            slot,
                            "a pointer is stored whole: 8 bytes, at a constant offset that 8 divides")
                    .note("`" + store.value() + "` is " + value.words()));
        }
        boolean outlives = stack.depth() != state.depth()
                && value instanceof Value.Pointer kept
                && kept.region() instanceof Region.Stack;
        return outlives && options.policy() == Options.Policy.LINUX
                ? violation(
                        DiagnosticCode.V0122,
                        slot,
                        "a pointer to the stack is stored in the stack frame of a caller, which may outlive it")
                : Optional.empty();
    }

    private static Num number(State state, Value value) {
        return value instanceof Value.Scalar scalar ? state.num(scalar) : Num.top();
    }

    private Optional<Violation> comparable(State state, int slot, Insn.JumpIf jump) {
        if (options.mayLeak()) {
            return Optional.empty();
        }
        if (isFunction(state, jump.dst())
                || (jump.src() instanceof Operand.Register register && isFunction(state, register.reg()))) {
            return isNullTest(state, jump)
                    ? Optional.empty()
                    : Optional.of(
                            Violation.of(
                                            DiagnosticCode.V0121,
                                            slot,
                                            "the address of a function is compared with another number than 0")
                                    .note(
                                            "where a function lies is not the program's to know: it may only ask whether there is one"));
        }
        boolean numbers = state.reg(jump.dst()) instanceof Value.Scalar
                && (!(jump.src() instanceof Operand.Register register)
                        || state.reg(register.reg()) instanceof Value.Scalar);
        if (numbers || jump.width() == Width.W64) {
            return Optional.empty();
        }
        // Packets lie below 4 GiB and not at 0, so this half tells as much as the whole.
        boolean packet = state.reg(jump.dst()) instanceof Value.Pointer pointer
                && State.isPacket(pointer.region())
                && jump.src().equals(new Operand.Immediate(0))
                && (jump.op() == JumpOp.JEQ || jump.op() == JumpOp.JNE);
        return packet
                ? Optional.empty()
                : violation(DiagnosticCode.V0121, slot, "a pointer is compared by its lower half");
    }

    private static boolean isFunction(State state, Reg reg) {
        return state.reg(reg) instanceof Value.FunctionAddress;
    }

    /** Whether it asks if one of the operands is 0, of all 64 bits. */
    private static boolean isNullTest(State state, Insn.JumpIf jump) {
        Value src = jump.src() instanceof Operand.Register register
                ? state.reg(register.reg())
                : Value.constant(((Operand.Immediate) jump.src()).value());
        Value number = src instanceof Value.Scalar ? src : state.reg(jump.dst());
        return jump.width() == Width.W64
                && (jump.op() == JumpOp.JEQ || jump.op() == JumpOp.JNE)
                && number(state, number).equals(Num.constant(0));
    }

    private Optional<Violation> tableEntry(State state, int slot, Reg target) {
        Value value = state.reg(target);
        if (!(value instanceof Value.CodeAddress code)) {
            return Optional.of(
                    Violation.of(DiagnosticCode.V0128, slot, "`" + target + "` holds no entry of a jump table")
                            .note("it holds " + value.words())
                            .help(
                                    "load the entry as 8 bytes from the table right before the jump: it does not survive on the stack,"
                                            + " and no arithmetic"));
        }
        BpfProgram.FunctionRange here = program.functionAt(slot);
        for (int to : code.targets()) {
            if (to < here.start() || to >= here.end()) {
                return violation(
                        DiagnosticCode.V0130,
                        slot,
                        (code.map() == Value.CodeAddress.SEVERAL
                                        ? "one of the jump tables"
                                        : "the jump table `"
                                                + program.maps().get(code.map()).name() + "`")
                                + " belongs to another function");
            }
        }
        return Optional.empty();
    }

    private static Optional<Violation> function(State state, int slot, Reg target) {
        Value value = state.reg(target);
        if (!(value instanceof Value.FunctionAddress function)) {
            return Optional.of(Violation.of(DiagnosticCode.V0131, slot, "`" + target + "` holds no function")
                    .note("it holds " + value.words()));
        }
        return function.isNullable()
                ? Optional.of(Violation.of(DiagnosticCode.V0113, slot, "`" + target + "` may be null here")
                        .note(
                                "a row of a function table may be missing, and nothing on the way here has ruled that out")
                        .help("compare it with null, and call it only where it is not"))
                : Optional.empty();
    }

    private Optional<Violation> result(State state, int slot) {
        Value value = state.reg(Reg.R0);
        if (state.depth() > 0) {
            // A caller's frame is still there afterwards; Linux refuses it nevertheless.
            boolean own = value instanceof Value.Pointer pointer
                    && pointer.region() instanceof Region.Stack stack
                    && (stack.depth() == state.depth() || options.policy() == Options.Policy.LINUX);
            return own
                    ? violation(DiagnosticCode.V0122, slot, "a function returns a pointer to the stack")
                    : Optional.empty();
        }
        Optional<Signature> alone = signatures.around(slot);
        if (alone.isPresent()) {
            return alone.get() instanceof Signature.Typed typed && !typed.givesNumber()
                    ? Optional.empty()
                    : globalResult(slot, value);
        }
        if (state.rest() == State.Rest.COMPARING) {
            return value instanceof Value.Scalar number && state.num(number).leq(Num.unsigned(0, 1))
                    ? Optional.empty()
                    : violation(
                            DiagnosticCode.V0127, slot, "what compares two nodes returns something else than 0 or 1");
        }
        if (program.functionAt(slot).start() != 0) {
            return value instanceof Value.Scalar number && state.num(number).equals(Num.constant(0))
                    ? Optional.empty()
                    : violation(
                            DiagnosticCode.V0127, slot, "what the kernel calls later returns something else than 0");
        }
        return programResult(state, slot, value);
    }

    /** What the program gives to whoever called it. */
    private Optional<Violation> programResult(State state, int slot, Value value) {
        if (typed.filter(TypedContext::givesNothing).isPresent()) {
            return Optional.empty();
        }
        Optional<ResultRange> ofHook = typed.flatMap(TypedContext::results);
        ResultRange allowed = ofHook.orElse(
                program.type().map(type -> type.results(program.attach())).orElse(ResultRange.ANY));
        if (value instanceof Value.Unreadable) {
            return Optional.of(
                    allowed.ofTarget() && typed.isEmpty()
                            ? Violation.of(
                                            DiagnosticCode.V0134,
                                            slot,
                                            "whether a result is needed is known from the kernel's types only")
                                    .note("the program ends without one on some path")
                            : Violation.of(DiagnosticCode.V0111, slot, "the program ends without a result on some path")
                                    .help("set `r0` on every path before `exit`"));
        }
        if (!(value instanceof Value.Scalar scalar)) {
            // A privileged program may tell addresses, and here nobody takes them for anything.
            boolean anything = options.mayLeak() && allowed.equals(ResultRange.ANY) && value instanceof Value.Pointer;
            return anything
                    ? Optional.empty()
                    : violation(
                            DiagnosticCode.V0127,
                            slot,
                            "the program returns " + value.words() + " instead of a number");
        }
        // An error is an int, whose upper half nobody looks at.
        Num num = allowed.min() < 0 && ofHook.isPresent()
                ? AbstractAlgebra.INSTANCE.signExtend(Width.W64, state.num(scalar), 32)
                : state.num(scalar);
        if (num.sMin() >= allowed.min() && num.sMax() <= allowed.max()) {
            return Optional.empty();
        }
        String range =
                allowed.min() == allowed.max() ? Long.toString(allowed.min()) : allowed.min() + " to " + allowed.max();
        if (allowed.ofTarget()) {
            return Optional.of(Violation.of(
                            DiagnosticCode.V0134,
                            slot,
                            "which results are allowed is known from the kernel's types only")
                    .note("it is " + num + "; " + range + " is allowed wherever `" + program.section()
                            + "` programs are attached"));
        }
        return Optional.of(Violation.of(
                        DiagnosticCode.V0127, slot, "the result may be a number that this program type does not allow")
                .note("it is " + num + ", allowed is " + range));
    }

    /** The callers of a global function know its result for a number, and no more. */
    private static Optional<Violation> globalResult(int slot, Value value) {
        return switch (value) {
            case Value.Scalar _ -> Optional.empty();
            case Value.Unreadable _ ->
                Optional.of(Violation.of(DiagnosticCode.V0111, slot, "the function ends without a result on some path")
                        .help("set `r0` on every path before `exit`"));
            // What an address in an arena points to is nobody's secret, and any number will do for one.
            case Value.Pointer pointer when pointer.region() instanceof Region.Arena -> Optional.empty();
            case Value.Pointer _, Value.CodeAddress _, Value.FunctionAddress _, Value.StackObject _ ->
                violation(
                        DiagnosticCode.V0127,
                        slot,
                        "a global function returns " + value.words() + " instead of a number");
        };
    }

    /** What the kernel puts in place of such a load reads the packet that r6 stands for. */
    private Optional<Violation> packetLoad(State state, int slot) {
        if (program.type().filter(ProgramType::hasPacketLoads).isEmpty()) {
            return Optional.of(
                    Violation.of(DiagnosticCode.V0162, slot, "programs of this type have no legacy packet loads")
                            .note("`socket`, `tc` and `action` programs have them")
                            .help("read the packet through `data` and `data_end`, or with a helper"));
        }
        boolean context = state.reg(Reg.R6) instanceof Value.Pointer pointer
                && pointer.region() instanceof Region.Context
                && pointer.form().equals(Form.ZERO)
                && !pointer.isNullable();
        if (!context) {
            return Optional.of(Violation.of(
                            DiagnosticCode.V0162, slot, "a legacy packet load takes the packet of the context in `r6`")
                    .note("`r6` holds " + state.reg(Reg.R6).words()));
        }
        return Optional.empty();
    }
}
