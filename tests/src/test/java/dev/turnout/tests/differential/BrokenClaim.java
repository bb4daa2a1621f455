package dev.turnout.tests.differential;

/** Something that the verifier claimed is not so. */
final class BrokenClaim extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenClaim(String message) {
        super(message);
    }
}
