package dev.turnout.frontend.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.grammar.TurnoutParser;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.DiagnosticErrorListener;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.ATNConfigSet;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.dfa.DFA;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The grammar as such: what ANTLR's exact modes say of it. */
final class GrammarTest {
    @SuppressWarnings("unused") // by FieldSource
    private static final List<String> PROGRAMS = Programs.NAMES;

    @ParameterizedTest
    @FieldSource("PROGRAMS")
    void noProgramIsAmbiguousOrNeedsMoreThanSll(String program) {
        SourceFile source = Programs.read(program);
        Complaints complaints = new Complaints();
        TurnoutParser parser = new TurnoutParser(new CommonTokenStream(
                new ListTokenSource(TokenScan.of(source, new Diagnostics()).list())));
        parser.removeErrorListeners();
        parser.addErrorListener(complaints);
        parser.addErrorListener(new DiagnosticErrorListener(true));
        parser.getInterpreter().setPredictionMode(PredictionMode.LL_EXACT_AMBIG_DETECTION);
        parser.file();
        assertThat(complaints.found).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("PROGRAMS")
    void sllAndLlMakeTheSameTree(String program) {
        SourceFile source = Programs.read(program);
        assertThat(tree(source, PredictionMode.SLL)).isEqualTo(tree(source, PredictionMode.LL));
    }

    @Test
    void contextualWordsAreNamesWhereNoRuleNamesThem() {
        Diagnostics diagnostics = new Diagnostics();
        dev.turnout.frontend.parse.Parser.parse(new SourceFile("t.turn", """
                        fn f(key: u32, map: u32) -> u32 {
                            let lock = tail(key)[map];
                            let limit: u32 = test.table + open.header;
                            tail = lock; lock(limit); in: while (likely(in)) limit limit { break :in; }
                            for (in in in..fails) limit (config * 2) { prog.kernel = license; }
                            return mutable(kfunc, alias, unlikely);
                        }
                        """), diagnostics);
        assertThat(diagnostics.all()).isEmpty();
    }

    private static String tree(SourceFile source, PredictionMode mode) {
        Diagnostics diagnostics = new Diagnostics();
        TurnoutParser.FileContext file =
                dev.turnout.frontend.parse.Parser.file(source, TokenScan.of(source, diagnostics), mode, diagnostics);
        assertThat(diagnostics.all()).isEmpty();
        return file.toStringTree(List.of(TurnoutParser.ruleNames));
    }

    /** Everything that ANTLR can complain of, kept. */
    private static final class Complaints extends org.antlr.v4.runtime.BaseErrorListener {
        final List<String> found = new ArrayList<>();

        @Override
        public void syntaxError(
                Recognizer<?, ?> recognizer,
                Object symbol,
                int line,
                int column,
                String message,
                RecognitionException e) {
            found.add("error at " + line + ":" + column + ": " + message);
        }

        @Override
        public void reportAmbiguity(
                Parser parser, DFA dfa, int start, int stop, boolean exact, BitSet alternatives, ATNConfigSet configs) {
            found.add("ambiguity in " + place(parser, dfa, stop));
        }

        @Override
        public void reportAttemptingFullContext(
                Parser parser, DFA dfa, int start, int stop, BitSet alternatives, ATNConfigSet configs) {
            found.add("SLL conflict in " + place(parser, dfa, stop));
        }

        private static String place(Parser parser, DFA dfa, int stop) {
            Token token = parser.getTokenStream().get(stop);
            return parser.getRuleNames()[dfa.atnStartState.ruleIndex] + " at " + token.getLine() + ":"
                    + token.getCharPositionInLine();
        }
    }
}
