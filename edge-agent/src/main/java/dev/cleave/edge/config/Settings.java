package dev.cleave.edge.config;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.PropertiesDefaultProvider;

/**
 * Values for options that the command line does not give: {@code --front-bits} is {@code CLEAVE_FRONT_BITS} in the
 * environment, otherwise {@code front-bits} in the file of settings, or {@code cleave.run.front-bits} for one command alone.
 */
public final class Settings implements IDefaultValueProvider {
    private static final String CONFIG = "--config";
    private static final String PREFIX = "CLEAVE_";

    /** Variables that are no options. */
    private static final List<String> LAUNCHERS =
            List.of("CLEAVE_HOME", "CLEAVE_BUILD", "CLEAVE_JAVA_OPTS", "CLEAVE_PASSWORD");

    private final Map<String, String> environment;
    private final PropertiesDefaultProvider file;
    private final Properties properties;
    private final Optional<Path> path;

    private Settings(Map<String, String> environment, Properties properties, Optional<Path> path) {
        this.environment = environment;
        this.properties = properties;
        this.path = path;
        this.file = new PropertiesDefaultProvider(properties);
    }

    /**
     * Reads the settings.
     *
     * @param args command line, of which only {@code --config} matters here
     * @throws CliException with {@code USAGE} where the file that somebody named cannot be read
     */
    public static Settings load(String[] args, Map<String, String> environment, CleaveHome home) {
        Optional<Path> named = named(args, environment);
        Path path = named.orElse(home.settings());
        Properties properties = new Properties();
        if (named.isEmpty() && !Files.exists(path)) {
            return new Settings(environment, properties, Optional.empty());
        }
        try (Reader reader = Files.newBufferedReader(path)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new CliException(
                    ExitCode.USAGE,
                    "the settings in " + path + " cannot be read (" + e + "); give --config a file of lines key=value");
        }
        return new Settings(environment, properties, Optional.of(path));
    }

    private static Optional<Path> named(String[] args, Map<String, String> environment) {
        for (int i = 0; i < args.length && !args[i].equals("--"); i++) {
            if (args[i].equals(CONFIG) && i + 1 < args.length) {
                return Optional.of(Path.of(args[i + 1]));
            }
            if (args[i].startsWith(CONFIG + "=")) {
                return Optional.of(Path.of(args[i].substring(CONFIG.length() + 1)));
            }
        }
        return Optional.ofNullable(environment.get("CLEAVE_CONFIG")).map(Path::of);
    }

    /**
     * Checks that the file says nothing that neither a command nor the service understands.
     *
     * @throws CliException with {@code USAGE} that names what is unknown
     */
    public void check(CommandLine root) {
        Set<String> known = new TreeSet<>();
        collect(root, known);
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            if (!known.contains(key) && !ServiceSettings.isSetting(key)) {
                throw new CliException(
                        ExitCode.USAGE,
                        path.map(Path::toString).orElse("the settings") + " has the unknown key '" + key
                                + "'; keys are the long options without dashes, such as front-bits, or"
                                + " cleave.run.front-bits for one command, and the settings of the service, such as"
                                + " cleave.api.token");
            }
        }
    }

    /** Returns the variables that begin with CLEAVE_ and that nobody understands: they change nothing. */
    public List<String> unknownVariables(CommandLine root) {
        Set<String> options = new TreeSet<>();
        collect(root, options);
        Set<String> known = new TreeSet<>(LAUNCHERS);
        options.stream()
                .filter(name -> name.indexOf('.') < 0)
                .map(Settings::variable)
                .forEach(known::add);
        return environment.keySet().stream()
                .filter(name -> name.startsWith(PREFIX))
                .filter(name -> !known.contains(name) && !ServiceSettings.isVariable(name))
                .sorted()
                .toList();
    }

    /** Returns the file that somebody named, or that is there. */
    public Optional<Path> path() {
        return path;
    }

    /** Returns what the file says to the cloud service. */
    public Map<String, String> service() {
        Map<String, String> settings = new TreeMap<>();
        for (String key : properties.stringPropertyNames()) {
            if (ServiceSettings.isSetting(key)) {
                settings.put(key, properties.getProperty(key));
            }
        }
        return settings;
    }

    /** Returns the value of a setting of the service, where the environment or the file has one. */
    public Optional<String> service(String key) {
        String value = environment.get(ServiceSettings.variable(key));
        return Optional.ofNullable(value == null || value.isEmpty() ? properties.getProperty(key) : value);
    }

    /** Returns the environment. */
    public Map<String, String> environment() {
        return environment;
    }

    private static void collect(CommandLine command, Set<String> known) {
        CommandSpec spec = command.getCommandSpec();
        for (OptionSpec option : spec.options()) {
            String name = bare(option);
            known.add(name);
            known.add(spec.qualifiedName(".") + "." + name);
        }
        command.getSubcommands().values().forEach(sub -> collect(sub, known));
    }

    @Override
    public String defaultValue(ArgSpec argument) throws Exception {
        if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
            return null;
        }
        String value = environment.get(variable(bare(option)));
        return value == null || value.isEmpty() ? file.defaultValue(argument) : value;
    }

    private static String variable(String option) {
        return PREFIX + option.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static String bare(OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "");
    }
}
