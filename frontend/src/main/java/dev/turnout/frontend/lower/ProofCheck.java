package dev.turnout.frontend.lower;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.analysis.Interval;
import dev.turnout.ir.analysis.IntervalAnalysis;
import dev.turnout.ir.build.DenseNumbering;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Module;
import dev.turnout.ir.model.Operation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Discharges the claims that lowering made, once variables are values: where range analysis shows that an index is small
 * enough the claim goes, everywhere else the user is told what is known and what is needed. Without claims a module is what
 * code can be made of.
 */
public final class ProofCheck {
    private final LoweredProgram lowered;
    private final Diagnostics diagnostics;
    private final BitSet reported = new BitSet();

    private ProofCheck(LoweredProgram lowered, Diagnostics diagnostics) {
        this.lowered = lowered;
        this.diagnostics = diagnostics;
    }

    /**
     * Judges every claim and takes it out.
     *
     * @param lowered where the claims come from
     * @param module the same program in SSA form: without slots for what can be a value
     * @return the module without claims
     */
    public static Module check(LoweredProgram lowered, Module module, Diagnostics diagnostics) {
        ProofCheck check = new ProofCheck(lowered, diagnostics);
        List<Function> functions = new ArrayList<>(module.functions().size());
        for (Function function : module.functions()) {
            functions.add(check.discharge(function));
        }
        return module.withFunctions(functions);
    }

    private Function discharge(Function function) {
        if (!hasClaims(function)) {
            return function;
        }
        IntervalAnalysis intervals = IntervalAnalysis.of(function);
        List<Block> blocks = new ArrayList<>(function.blocks().size());
        for (Block block : function.blocks()) {
            List<Inst> kept = new ArrayList<>(block.insts().size());
            for (int i = 0; i < block.insts().size(); i++) {
                Inst inst = block.insts().get(i);
                if (inst.op() instanceof Operation.Prove claim) {
                    judge(claim, intervals.at(claim.index(), block.label(), i));
                } else {
                    kept.add(inst);
                }
            }
            blocks.add(new Block(block.label(), block.parameters(), kept, block.terminator(), block.at()));
        }
        return function.withBlocks(DenseNumbering.of(blocks));
    }

    private static boolean hasClaims(Function function) {
        for (Block block : function.blocks()) {
            for (Inst inst : block.insts()) {
                if (inst.op() instanceof Operation.Prove) {
                    return true;
                }
            }
        }
        return false;
    }

    /** An empty interval is of code that is never reached: there everything holds. */
    private void judge(Operation.Prove claim, Interval known) {
        if (known.isEmpty() || Long.compareUnsigned(known.high(), claim.below()) < 0) {
            return;
        }
        // One place in the text may be in several copies of a function; it is one mistake.
        if (!reported.get(claim.site())) {
            reported.set(claim.site());
            ProofSite site = lowered.sites().get(claim.site());
            diagnostics.report(
                    switch (site.kind()) {
                        case INDEX -> index(site, known);
                        case ROUNDS -> rounds(site, known);
                    });
        }
    }

    private static Diagnostic index(ProofSite site, Interval known) {
        String name = name(site);
        long last = site.bound() - 1;
        Diagnostic found = Diagnostic.at(
                        site.span(), DiagnosticCode.E0421, name + " is not shown to be below " + site.bound())
                .labelled("is " + range(known) + ", need 0..=" + last);
        if (site.bound() == 0) {
            return found.withNote("the array has no elements");
        }
        String text = site.span().text();
        String test = "test it first, as in `if (" + text + " < " + site.bound() + ") { … }`";
        found = Long.bitCount(site.bound()) == 1
                ? found.withHelp("add `& " + last + "`, or " + test)
                : found.withHelp(test);
        if (!isName(text)) {
            found = found.withNote(
                    "a test says something about a local variable, nothing about the next load of memory: "
                            + "`let i = …;` first");
        }
        return found.withHelp("`.get(i)` instead of `[i]` tests the index and gives a `?T`");
    }

    private static Diagnostic rounds(ProofSite site, Interval known) {
        Diagnostic found = Diagnostic.at(
                site.span(), DiagnosticCode.E0422, "this `for` is not shown to end within " + site.bound() + " rounds");
        boolean all = Long.compareUnsigned(known.high(), Long.MAX_VALUE) >= 0;
        return found.labelled(
                        all ? "can be any number" : "allows up to " + Long.toUnsignedString(known.high()) + " rounds")
                .withHelp("write `limit N` behind the bounds: the body then runs at most `N` times")
                .withHelp("or keep the bound small, as in `min(" + site.span().text() + ", 64)`");
    }

    private static String name(ProofSite site) {
        String text = site.span().text();
        return isName(text) ? "index `" + text + "`" : "this index";
    }

    private static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isJavaIdentifierPart(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** As numbers with a sign if some are negative: nobody writes an index of 2 to the 64. */
    private static String range(Interval known) {
        if (known.high() >= 0) {
            return known.low() + "..=" + known.high();
        }
        if (known.signedLow() == Long.MIN_VALUE || known.signedHigh() == Long.MAX_VALUE) {
            return "any number";
        }
        return known.signedLow() + "..=" + known.signedHigh();
    }
}
