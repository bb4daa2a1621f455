package dev.turnout.bpf.lower;

import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.ByteOrder;
import dev.turnout.ir.model.ByteString;
import dev.turnout.ir.model.CompareOp;
import dev.turnout.ir.model.DebugType;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Global;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Key;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Region;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import dev.turnout.stdlib.target.TargetProfile;
import dev.turnout.stdlib.target.TargetProfile.Feature;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Static branches on a target that patches no code: a byte of the object holds the key, and each site reads and tests it. The
 * byte is read afresh at every site, since somebody else writes it.
 */
final class LowerKeys {
    private LowerKeys() {}

    /**
     * What holds a key: one byte, by the key's type, so that people can write a member by its name. A member that no byte holds
     * makes it as wide as the enumeration.
     */
    static Global variable(Key key) {
        DebugType type = key.type();
        if (type instanceof DebugType.Enumeration wide
                && wide.members().stream()
                        .mapToLong(DebugType.Enumerator::value)
                        .allMatch(value -> value == (wide.signed() ? (byte) value : value & 0xff))) {
            type = new DebugType.Enumeration(wide.name(), 1, wide.signed(), wide.members());
        }
        byte[] initial = new byte[(int) type.size()];
        for (int i = 0; i < initial.length; i++) {
            initial[i] = (byte) (key.initial() >>> (8 * i));
        }
        return new Global(key.name(), Global.Section.DATA, ByteString.copyOf(initial), initial.length, type);
    }

    static Function run(
            Function function, Module module, TargetProfile target, boolean strict, TargetLowering.Listener listener) {
        boolean patches = target.has(Feature.STATIC_BRANCH);
        Draft draft = new Draft(function);
        for (Block block : function.blocks()) {
            int at = block.label().index();
            if (block.terminator() instanceof Terminator.StaticBranch branch) {
                Key key = key(module, branch.key());
                boolean on = key.initial() != 0;
                boolean likely = branch.hint() == Terminator.Hint.NONE ? on : branch.hint() == Terminator.Hint.LIKELY;
                if (patches) {
                    listener.became(
                            function.name(),
                            block.at(),
                            "static_branch " + key.name(),
                            "1 site, starts as a " + (likely == on ? "nop" : "jump"),
                            likely ? "the body is in line" : "the body is out of line");
                    continue;
                }
                fallback(function, block, "static_branch " + key.name(), target, strict, branch.patched(), listener);
                List<Inst> insts = new ArrayList<>(block.insts());
                Value value = read(draft, insts, key, block);
                Value zero = draft.emit(insts, new Operation.Const((Type.Int) value.type(), 0), block.at());
                Value set = draft.emit(insts, new Operation.Compare(CompareOp.NE, value, zero), block.at());
                Terminator.Hint hint = likely ? Terminator.Hint.LIKELY : Terminator.Hint.UNLIKELY;
                draft.set(at, insts, new Terminator.Branch(set, branch.on(), branch.off(), hint));
            } else if (block.terminator() instanceof Terminator.StaticSwitch choice) {
                Key key = key(module, choice.key());
                if (patches) {
                    listener.became(
                            function.name(),
                            block.at(),
                            "static_switch " + key.name(),
                            "1 site, " + choice.cases().size() + " arms, starts as the jump to its initial arm",
                            "");
                    continue;
                }
                fallback(function, block, "static_switch " + key.name(), target, strict, choice.patched(), listener);
                List<Inst> insts = new ArrayList<>(block.insts());
                Value value = read(draft, insts, key, block);
                draft.set(at, insts, choice(choice, key, value));
            }
        }
        return draft.build();
    }

    private static void fallback(
            Function function,
            Block block,
            String construct,
            TargetProfile target,
            boolean strict,
            boolean demanded,
            TargetLowering.Listener listener) {
        if (strict || demanded) {
            listener.refused(
                    block.at(),
                    DiagnosticCode.E0413,
                    "`" + construct + "` cannot be patched code",
                    "`" + target.word() + "` patches no code; the substitute is a load and a test at each site",
                    "build for `vm`, or " + (demanded ? "leave out `@patched`" : "without strict lowering"));
        }
        listener.became(
                function.name(),
                block.at(),
                construct,
                construct.startsWith("static_switch") ? "load of a byte" : "load of a byte and a branch",
                target.word() + " patches no code");
    }

    private static Key key(Module module, String name) {
        for (Key key : module.keys()) {
            if (key.name().equals(name)) {
                return key;
            }
        }
        throw new IllegalStateException("no key " + name);
    }

    private static Value read(Draft draft, List<Inst> insts, Key key, Block block) {
        Global variable = variable(key);
        Value address = draft.emit(insts, new Operation.Address(Region.GLOBAL, variable.name()), block.at());
        Type.Int width = new Type.Int(variable.size() * 8);
        return draft.emit(insts, new Operation.Load(width, address, 0, ByteOrder.LITTLE), block.at());
    }

    /** The members that have no arm go to {@code otherwise}; a byte that is no member counts as the initial value. */
    private static Terminator.Switch choice(Terminator.StaticSwitch choice, Key key, Value value) {
        long mask = -1L >>> (64 - ((Type.Int) value.type()).bits());
        List<Terminator.Case> cases = new ArrayList<>();
        for (Terminator.Case one : choice.cases()) {
            cases.add(new Terminator.Case(one.low() & mask, one.high() & mask, one.to()));
        }
        if (key.type() instanceof DebugType.Enumeration enumeration) {
            for (DebugType.Enumerator member : enumeration.members()) {
                long number = member.value() & mask;
                if (find(cases, number, null) == null) {
                    cases.add(new Terminator.Case(number, number, choice.otherwise()));
                }
            }
        }
        cases.sort(Comparator.comparingLong(Terminator.Case::low));
        Target initial = find(cases, key.initial() & mask, choice.otherwise());
        return new Terminator.Switch(
                value, cases, initial == null ? choice.otherwise() : initial, false, Terminator.Demand.AUTO, 0);
    }

    private static @org.jspecify.annotations.Nullable Target find(
            List<Terminator.Case> cases, long value, @org.jspecify.annotations.Nullable Target otherwise) {
        for (Terminator.Case one : cases) {
            if (one.low() <= value && value <= one.high()) {
                return one.to();
            }
        }
        return otherwise;
    }
}
