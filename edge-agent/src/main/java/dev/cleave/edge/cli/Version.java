package dev.cleave.edge.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of the jar that a program comes in. */
record Version(String name, Class<?> main) implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = main.getPackage().getImplementationVersion();
        return new String[] {name + " " + (version == null ? "(not packaged)" : version)};
    }
}
