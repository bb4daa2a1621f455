package dev.turnout.bpf.asm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.turnout.bpf.isa.AluOp;
import dev.turnout.bpf.isa.AtomicOp;
import dev.turnout.bpf.isa.ConformanceGroup;
import dev.turnout.bpf.isa.Insn;
import dev.turnout.bpf.isa.InsnForm;
import dev.turnout.bpf.isa.InsnForms;
import dev.turnout.bpf.isa.JumpOp;
import dev.turnout.bpf.isa.Operand;
import dev.turnout.bpf.isa.Size;
import dev.turnout.bpf.isa.WideKind;
import dev.turnout.bpf.isa.random.RandomInsns;
import dev.turnout.bpf.object.BpfObject;
import dev.turnout.bpf.object.CodeSection;
import dev.turnout.bpf.object.ElfWriter;
import dev.turnout.bpf.object.ObjectFunction;
import dev.turnout.bpf.program.Code;
import dev.turnout.diagnostics.diagnostic.Diagnostics;
import dev.turnout.diagnostics.source.SourceFile;
import dev.turnout.ir.model.DebugType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class InsnTextTest {
    static Stream<InsnForm> rows() {
        return InsnForms.all().stream();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void parsingUndoesPrintingForEveryRow(InsnForm row) {
        RandomInsns random = new RandomInsns(5);
        List<Insn> insns = new ArrayList<>(List.of(row.prototype()));
        for (int i = 0; i < 30; i++) {
            insns.add(random.of(row));
        }
        StringBuilder text = new StringBuilder();
        insns.forEach(insn -> text.append(InsnPrinter.print(insn)).append('\n'));
        assertThat(parse(text.toString())).as(text.toString()).isEqualTo(insns);
    }

    @Test
    void labelsStandForDistances() {
        assertThat(parse("""
                   0:  r1 = 5 ll
                loop:
                       if w1 > 0x10 goto done ; a comment
                       w1 += 1
                       gotol loop
                done:  call f
                       exit
                f:     exit
                """)).containsExactlyElementsOf(parse("""
                        r1 = 5 ll
                        if w1 > 16 goto +2
                        w1 += 1
                        gotol -3
                        call pc+1 <f>
                        exit
                        exit
                        """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "r1 += w2 | 1:7 | the registers of one operation have one width",
                "r11 += 2 | 1:1 | no instruction begins like this",
                "r1 = *(u24 *)(r2 + 0) | 1:8 | a size like `u32 *` was expected here",
                "r1 = *(u32 *)(r2 + 40000) | 1:18 | the number does not fit 16 bits",
                "r1 += 0x1ffffffff | 1:7 | the number does not fit 32 bits",
                "r1 = -r2 | 1:7 | this operation works in place: both registers must be the same",
                "goto nowhere | 1:1 | there is no label `nowhere` in this text",
                "exit now | 1:6 | nothing more was expected on this line",
                "if r1 goto +3 | 1:7 | a comparison was expected here",
                "frobnicate r1 | 1:1 | no instruction begins like this",
            })
    void mistakesAreShownWhereTheyAre(String text, String place, String message) {
        Diagnostics diagnostics = new Diagnostics();
        assertThat(InsnParser.parse(new SourceFile("a.s", text), diagnostics)).isEmpty();
        assertThat(diagnostics.all()).singleElement().satisfies(one -> {
            assertThat(one.message()).isEqualTo(message);
            assertThat(one.primary().orElseThrow().span().toString()).isEqualTo("a.s:" + place);
        });
    }

    @Test
    void randomTextIsReadOrRefusedButNeverThrows() {
        var random = new SplittableRandom(9);
        String[] pieces = {
            "r1",
            "w2",
            " = ",
            "*(u32 *)",
            "(r3 + 4)",
            "goto ",
            "+3",
            "if ",
            " s> ",
            "ll",
            "-",
            "[",
            "<",
            ">",
            "lock ",
            "atomic_fetch_add(",
            "L1:",
            "call ",
            "0x",
            "99999999999999999999",
            "skb[",
            ", ",
            "(",
            ")",
            "exit",
            "\n"
        };
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(9); i >= 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            Diagnostics diagnostics = new Diagnostics();
            var code = InsnParser.parse(new SourceFile("a.s", text.toString()), diagnostics);
            assertThat(code.isEmpty()).as(text.toString()).isEqualTo(diagnostics.hasErrors());
        }
    }

    /** The machine's own disassembler is the judge; an old one knows cpu v3 only, so only such rows are shown to it. */
    @Test
    void anOutsideDisassemblerPrintsTheSameText(@TempDir Path folder) throws IOException, InterruptedException {
        RandomInsns random = new RandomInsns(77, InsnTextTest::isOldAndSpelledAlike);
        List<Insn> insns = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            insns.add(random.next());
        }
        insns.add(new Insn.Exit());
        Code code = Code.of(insns);
        BpfObject object = new BpfObject(
                "",
                List.of(CodeSection.of(
                        ".text",
                        code,
                        List.of(new ObjectFunction(
                                "f", 0, code.size(), ObjectFunction.Kind.GLOBAL, new DebugType.Void())),
                        List.of(),
                        List.of())),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        Path file = folder.resolve("a.o");
        Files.write(file, ElfWriter.write(object).toArray());
        String tool = System.getenv().getOrDefault("TURNOUT_LLVM_OBJDUMP", "llvm-objdump");
        String listing = run(tool, "-d", "--no-show-raw-insn", "--mcpu=v3", file.toString());
        assumeTrue(listing.contains("elf64-bpf"), () -> tool + " is not there or does not know BPF: " + listing);

        List<String> theirs = new ArrayList<>();
        for (String line : listing.split("\n", -1)) {
            int colon = line.indexOf(":\t");
            if (colon > 0 && Character.isDigit(line.charAt(colon - 1))) {
                theirs.add(normal(line.substring(colon + 2)));
            }
        }
        List<String> ours =
                insns.stream().map(insn -> normal(InsnPrinter.print(insn))).toList();
        assertThat(theirs).hasSameSizeAs(ours);
        for (int i = 0; i < ours.size(); i++) {
            assertThat(theirs.get(i)).as("instruction %d, %s", i, insns.get(i)).isEqualTo(ours.get(i));
        }
    }

    private static boolean isOldAndSpelledAlike(InsnForm row) {
        boolean old = row.cpu() <= 3
                && row.group() != ConformanceGroup.LINUX
                && row.group() != ConformanceGroup.AHEAD
                && row.group() != ConformanceGroup.PACKET;
        return old
                && switch (row.prototype()) {
                    // Old disassemblers have no text, or one of their own, for these.
                    case Insn.Wide wide -> wide.kind() == WideKind.CONSTANT;
                    case Insn.CallLocal _, Insn.CallKernel _ -> false;
                    case Insn.Atomic atomic -> atomic.op() == AtomicOp.ADD && atomic.size() == Size.DW;
                    case Insn.Store store -> store.value() instanceof Operand.Register;
                    case Insn.Alu alu -> alu.op() != AluOp.MOD;
                    case Insn.JumpIf jump -> jump.op() != JumpOp.JSET;
                    default -> true;
                };
    }

    /** Takes away what the two may write differently: hexadecimal numbers, 32-bit names of loaded registers, labels. */
    private static String normal(String text) {
        String plain = text.strip().replaceAll("\\s*<[^<> ]+>$", "").replaceAll("\\s+", " ");
        StringBuilder out = new StringBuilder();
        var hex = Pattern.compile("0x[0-9a-f]+").matcher(plain);
        while (hex.find()) {
            hex.appendReplacement(
                    out, Long.toString(Long.parseUnsignedLong(hex.group().substring(2), 16)));
        }
        hex.appendTail(out);
        String result = out.toString();
        if (result.startsWith("w") && result.contains("= *(u")) {
            result = "r" + result.substring(1);
        }
        return result.replaceFirst("(\\*\\(u(?:8|16|32) \\*\\).* \\+?=) w", "$1 r");
    }

    private static String run(String... command) throws IOException, InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return text;
        } catch (IOException e) {
            assumeTrue(false, command[0] + " is not there: " + e.getMessage());
            throw e;
        }
    }

    private static List<Insn> parse(String text) {
        Diagnostics diagnostics = new Diagnostics();
        var code = InsnParser.parse(new SourceFile("a.s", text), diagnostics);
        assertThat(diagnostics.all()).isEmpty();
        return code.orElseThrow().insns();
    }
}
