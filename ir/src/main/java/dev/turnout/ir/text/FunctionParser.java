package dev.turnout.ir.text;

import dev.turnout.diagnostics.diagnostic.Diagnostic;
import dev.turnout.diagnostics.diagnostic.DiagnosticCode;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.ir.model.Block;
import dev.turnout.ir.model.DebugType;
import dev.turnout.ir.model.Function;
import dev.turnout.ir.model.Inst;
import dev.turnout.ir.model.Label;
import dev.turnout.ir.model.Location;
import dev.turnout.ir.model.Operation;
import dev.turnout.ir.model.Target;
import dev.turnout.ir.model.Terminator;
import dev.turnout.ir.model.Type;
import dev.turnout.ir.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one function in two steps: lines become drafts and definitions are numbered; then names are resolved. After a
 * mistake reading goes on with the next line, so that one text gives many errors.
 */
final class FunctionParser {
    private final TokenReader in;
    private final Diagnostics diagnostics;
    private final DebugTypeParser types;
    private final OperationParser operations;
    private final Map<String, Value> values = new HashMap<>();
    private final Map<String, Label> labels = new HashMap<>();
    private final List<DraftBlock> blocks = new ArrayList<>();
    private int nextValue;
    private String file = "";

    private record DraftInst(Token at, Value result, OperationParser.Draft draft, Location location) {}

    private static final class DraftBlock {
        final Token at;
        final List<Value> parameters = new ArrayList<>();
        final List<DraftInst> insts = new ArrayList<>();
        OperationParser.@Nullable DraftTerminator terminator;
        Token terminatorAt;
        Location location = Location.UNKNOWN;

        DraftBlock(Token at) {
            this.at = at;
            this.terminatorAt = at;
        }
    }

    FunctionParser(TokenReader in, Diagnostics diagnostics, DebugTypeParser types) {
        this.in = in;
        this.diagnostics = diagnostics;
        this.types = types;
        this.operations = new OperationParser(in);
    }

    private long fails() {
        return in.tryWord("fails") ? in.number("a number") : 0;
    }

    /** Whether a function begins here. */
    static boolean at(TokenReader in) {
        return in.atWord("function") || in.atWord("program") || in.atWord("test");
    }

    Function read() {
        String word = in.take().text();
        String name = in.symbol("the name of a function (`@name`)");
        Function.Kind kind = switch (word) {
            case "program" -> {
                in.keyword("section");
                String section = in.text("a section in quotes");
                in.keyword("type");
                yield new Function.Kind.Program(section, in.name("a program type"), fails());
            }
            case "test" -> {
                in.keyword("title");
                yield new Function.Kind.Test(in.text("a title in quotes"));
            }
            default -> {
                Function.Inlining inlining = inlining();
                String family = in.tryWord("family") ? in.text("a family in quotes") : "";
                yield new Function.Kind.Subprogram(inlining, family, fails());
            }
        };
        in.mark("->");
        Type result = in.type();
        DebugType.Function signature = in.tryWord("signature") ? types.signature() : IrPrinter.NO_SIGNATURE;
        Location at = Location.UNKNOWN;
        if (in.tryWord("at")) {
            file = in.text("a file name in quotes");
            at = position();
        }
        Token open = in.peek();
        in.mark("{");
        boolean broken = false;
        while (!in.tryMark("}")) {
            if (in.atEnd()) {
                throw in.error(open, "the `{` of this function is not closed");
            }
            int line = in.peek().line();
            try {
                line();
            } catch (SyntaxError error) {
                diagnostics.report(error.diagnostic());
                in.skipLine(line);
                broken = true;
            }
        }
        if (blocks.isEmpty()) {
            throw in.error(open, "a function needs a block");
        }
        // Names that a broken line would have defined are no second mistake: without all lines nothing is resolved.
        return new Function(name, kind, result, signature, broken ? List.of() : resolve(), at);
    }

    private Function.Inlining inlining() {
        if (!in.tryWord("inline")) {
            return Function.Inlining.AUTO;
        }
        Token word = in.word("`always` or `never`");
        return switch (word.text()) {
            case "auto" -> Function.Inlining.AUTO;
            case "always" -> Function.Inlining.ALWAYS;
            case "never" -> Function.Inlining.NEVER;
            default -> throw in.error(word, "inlining is `always` or `never`");
        };
    }

    private void line() {
        boolean head = in.peek().kind() == Token.Kind.WORD
                && (in.peek(1).is(Token.Kind.MARK, ":") || in.peek(1).is(Token.Kind.MARK, "("));
        if (head) {
            head();
            return;
        }
        if (blocks.isEmpty()) {
            throw in.expected("a block (`b0:`)");
        }
        DraftBlock block = blocks.getLast();
        if (block.terminator != null) {
            throw in.error(in.peek(), "the block has ended; a new one must begin here (`b1:`)");
        }
        if (operations.atTerminator()) {
            block.terminatorAt = in.peek();
            block.terminator = operations.terminator();
            block.location = location();
            return;
        }
        Token first = in.peek();
        boolean named = in.peek(1).is(Token.Kind.MARK, "=");
        if (named) {
            in.word("a name for the result");
            in.mark("=");
        }
        OperationParser.Draft draft = operations.operation();
        boolean isVoid = draft.type() instanceof Type.Void;
        Value result = new Value(nextValue++, draft.type());
        if (named && !isVoid) {
            define(first, result);
        }
        if (named && isVoid) {
            throw in.error(first, "the instruction has no result that `" + first.text() + "` could name");
        }
        block.insts.add(new DraftInst(first, result, draft, location()));
    }

    private void head() {
        Token name = in.word("a block");
        DraftBlock block = new DraftBlock(name);
        if (labels.putIfAbsent(name.text(), new Label(blocks.size())) != null) {
            diagnostics.report(in.error(name, DiagnosticCode.I0102, "a second block is called `" + name.text() + "`")
                    .diagnostic());
        }
        blocks.add(block);
        if (in.tryMark("(")) {
            while (!in.tryMark(")")) {
                Token parameter = in.word("a parameter");
                in.mark(":");
                Value value = new Value(nextValue++, in.type());
                define(parameter, value);
                block.parameters.add(value);
                if (!in.atMark(")")) {
                    in.mark(",");
                }
            }
        }
        in.mark(":");
    }

    private void define(Token name, Value value) {
        if (values.putIfAbsent(name.text(), value) != null) {
            diagnostics.report(in.error(name, DiagnosticCode.I0102, "`" + name.text() + "` is defined a second time")
                    .diagnostic());
        }
    }

    /** {@code !3:14} or {@code !"file" 3:14}, or nothing. */
    private Location location() {
        if (!in.tryMark("!")) {
            return Location.UNKNOWN;
        }
        String outer = file;
        if (in.peek().kind() == Token.Kind.TEXT) {
            file = in.take().text();
        }
        Location location = position();
        file = outer;
        return location;
    }

    private Location position() {
        int line = in.smallNumber("a line", 0, Integer.MAX_VALUE);
        in.mark(":");
        return new Location(file, line, in.smallNumber("a column", 0, Integer.MAX_VALUE));
    }

    private List<Block> resolve() {
        List<Block> all = new ArrayList<>(blocks.size());
        for (DraftBlock draft : blocks) {
            List<Inst> insts = new ArrayList<>(draft.insts.size());
            for (DraftInst inst : draft.insts) {
                try {
                    Operation op = inst.draft.make().apply(resolve(inst.draft.operands()));
                    insts.add(new Inst(inst.result, op, inst.location));
                } catch (SyntaxError error) {
                    diagnostics.report(error.diagnostic());
                } catch (IllegalArgumentException error) {
                    diagnostics.report(disagreement(inst.at, error));
                }
            }
            all.add(new Block(new Label(all.size()), draft.parameters, insts, terminator(draft), draft.location));
        }
        return all;
    }

    private Terminator terminator(DraftBlock block) {
        OperationParser.DraftTerminator draft = block.terminator;
        if (draft == null) {
            diagnostics.report(in.error(block.at, "block `" + block.at.text() + "` has no terminator")
                    .diagnostic());
            return new Terminator.Unreachable();
        }
        try {
            List<Target> targets = new ArrayList<>();
            for (OperationParser.DraftTarget target : draft.targets()) {
                Label label = labels.get(target.block().text());
                if (label == null) {
                    throw in.error(
                            target.block(),
                            DiagnosticCode.I0102,
                            "no block is called `" + target.block().text() + "`");
                }
                targets.add(new Target(label, resolve(target.arguments())));
            }
            return draft.make().apply(resolve(draft.operands()), targets);
        } catch (SyntaxError error) {
            diagnostics.report(error.diagnostic());
        } catch (IllegalArgumentException error) {
            diagnostics.report(disagreement(block.terminatorAt, error));
        }
        return new Terminator.Unreachable();
    }

    private List<Value> resolve(List<Token> names) {
        List<Value> all = new ArrayList<>(names.size());
        for (Token name : names) {
            Value value = values.get(name.text());
            if (value == null) {
                throw in.error(name, DiagnosticCode.I0102, "no value is called `" + name.text() + "`");
            }
            all.add(value);
        }
        return all;
    }

    private Diagnostic disagreement(Token at, IllegalArgumentException error) {
        return in.error(at, DiagnosticCode.I0103, "the types do not fit: " + error.getMessage())
                .diagnostic();
    }
}
