package dev.turnout.tests.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.bpf.asm.Encoder;
import dev.turnout.bpf.asm.InsnParser;
import dev.turnout.bpf.program.BpfProgram;
import dev.turnout.bpf.program.Code;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.driver.exec.RawProgram;
import dev.turnout.ir.model.ByteString;
import dev.turnout.runtime.context.PacketFeed;
import dev.turnout.runtime.engine.Batch;
import dev.turnout.runtime.engine.Input;
import dev.turnout.runtime.engine.RunnableProgram;
import dev.turnout.runtime.helper.World;
import dev.turnout.runtime.image.Machine;
import dev.turnout.runtime.interpreter.WatchedInterpreter;
import dev.turnout.verifier.Options;
import dev.turnout.verifier.Verdict;
import dev.turnout.verifier.VerifiedProgram;
import dev.turnout.verifier.Verifier;
import dev.turnout.verifier.specialize.ExecutableProgram;
import dev.turnout.verifier.specialize.SpecializeOptions;
import dev.turnout.verifier.specialize.Specializer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A harness that finds nothing must be one that would. */
class ClaimsTest {
    private static final int BYTES = 8;

    @Test
    void a_claim_that_holds_is_counted() {
        assertThat(run("r0 = *(u8 *)(r1 + 3)\nr0 &= 7\nexit", "r0 = *(u8 *)(r1 + 3)\nr0 &= 7\nexit"))
                .isPositive();
    }

    @Test
    void a_number_outside_of_its_claim_is_found() {
        assertThatThrownBy(() -> run("r0 = *(u8 *)(r1 + 3)\nr0 &= 3\nexit", "r0 = *(u8 *)(r1 + 3)\nr0 |= 64\nexit"))
                .isInstanceOf(BrokenClaim.class)
                .hasMessageContaining("r0 is ");
    }

    @Test
    void a_pointer_elsewhere_is_found() {
        assertThatThrownBy(() -> run("r1 += 4\nr0 = *(u8 *)(r1 + 0)\nexit", "r1 += 5\nr0 = *(u8 *)(r1 + 0)\nexit"))
                .isInstanceOf(BrokenClaim.class)
                .hasMessageContaining("the given memory");
    }

    @Test
    void a_way_that_is_said_to_be_dead_is_found() {
        assertThatThrownBy(() ->
                        run("r0 = 1\nif r0 == 0 goto +1\nr0 = 2\nexit", "r0 = 0\nif r0 == 0 goto +1\nr0 = 2\nexit"))
                .isInstanceOf(BrokenClaim.class);
    }

    @Test
    void a_load_of_something_else_is_found() {
        assertThatThrownBy(() -> run(
                        "*(u64 *)(r10 - 8) = 5\nr0 = *(u64 *)(r10 - 8)\nr0 = 0\nexit",
                        "*(u64 *)(r10 - 8) = 6\nr0 = *(u64 *)(r10 - 8)\nr0 = 0\nexit"))
                .isInstanceOf(BrokenClaim.class);
    }

    /** Runs one program under the claims about another; the claims that were compared. */
    private static long run(String claimed, String running) {
        VerifiedProgram proof = proof(claimed);
        ExecutableProgram executable = Specializer.specialize(proof(running), SpecializeOptions.NONE);
        Claims claims = new Claims();
        claims.add(executable.program(), proof);
        Diagnostics diagnostics = new Diagnostics();
        try (Machine machine = Machine.create(World.host(line -> {}));
                RunnableProgram program = new WatchedInterpreter(claims)
                        .load(executable, machine, diagnostics)
                        .orElseThrow()) {
            assertThat(new Batch(new PacketFeed(true), 1, 100)
                            .run(program, List.of(new Input.Memory(ByteString.copyOf(new byte[BYTES]))), diagnostics))
                    .isPresent();
        }
        return claims.checks();
    }

    private static VerifiedProgram proof(String text) {
        BpfProgram program = program(text);
        if (!(Verifier.verify(program, Options.exec()) instanceof Verdict.Verified verified)) {
            throw new AssertionError("rejected: " + text);
        }
        return verified.program();
    }

    private static BpfProgram program(String text) {
        Diagnostics diagnostics = new Diagnostics();
        Code code = InsnParser.parse(new SourceFile("claims", text), diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all()));
        return RawProgram.of(Encoder.encode(code).asBuffer(), BYTES, diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.all()));
    }
}
