package dev.turnout.tests.differential;

/** Another way of static branches: for programs that have some, since all others are the same code. */
record KeyedWay(EngineWay way) implements Way {
    @Override
    public String name() {
        return way.name();
    }

    @Override
    public String name(Trial trial) {
        return way.name(trial);
    }

    @Override
    public Seen see(Trial trial, Proven proven) {
        return trial.program().branchSites().isEmpty() ? new Seen.Declined("no static branch") : way.see(trial, proven);
    }
}
