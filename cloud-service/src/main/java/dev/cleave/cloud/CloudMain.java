package dev.cleave.cloud;

import dev.cleave.cloud.process.ExitCode;
import dev.cleave.cloud.process.ParentWatch;
import dev.cleave.cloud.process.Signals;
import dev.cleave.cloud.process.StartFailure;
import dev.cleave.cloud.process.StopRequest;
import dev.cleave.cloud.settings.SettingNames;
import dev.cleave.cloud.settings.SettingRules;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.util.ExceptionUtil;
import io.smallrye.config.ConfigValidationException;
import jakarta.inject.Inject;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jboss.logging.Logger;

/** The process: starts the service, waits for a reason to stop, stops it and ends with the exit code that says why. */
@QuarkusMain
public class CloudMain implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(CloudMain.class);

    private static final Pattern CONVERSION =
            Pattern.compile("config property (?<name>\\S+) with the config value \"(?<value>.*)\""
                    + " threw an Exception whilst being converted (?<why>.*)");

    private static final StopRequest STOP = new StopRequest();

    @Inject
    CloudService service;

    @Inject
    CloudConfig config;

    /** Starts the process. */
    public static void main(String... args) {
        // The framework passes over variables that it does not know: an API whose token's name is misspelt would be
        // open.
        Optional<String> unknown = SettingNames.unknownVariable(System.getenv());
        if (unknown.isPresent()) {
            System.err.println(unknown.get());
            System.exit(ExitCode.SETTINGS.number());
        }
        Signals.onStop(STOP::request);
        Quarkus.run(CloudMain.class, CloudMain::exit, args);
    }

    @Override
    public int run(String... args) {
        STOP.grantSessions(config.grace());
        if (config.exitWithParent()) {
            ParentWatch.start(() -> STOP.request(ExitCode.OK));
        }
        try {
            service.start(STOP);
            STOP.await();
        } catch (StartFailure e) {
            LOG.error(e.getMessage());
            return e.code().number();
        } finally {
            service.stop();
        }
        return STOP.code().map(ExitCode::number).orElse(ExitCode.OK.number());
    }

    private static void exit(int code, Throwable cause) {
        System.exit(
                cause == null
                        ? code
                        : explain(ExceptionUtil.getRootCause(cause)).number());
    }

    private static ExitCode explain(Throwable cause) {
        // Whatever fails for a setting, it is said in the same words.
        Optional<String> problem = settingsProblem();
        if (problem.isPresent()) {
            // The log takes its own settings from the same place, so it may not work yet.
            System.err.println(problem.get());
            return ExitCode.SETTINGS;
        }
        if (cause instanceof QuarkusBindException bind) {
            LOG.errorf(
                    "HTTP cannot listen on %s:%d: the port is taken or the address is not this machine's;"
                            + " set quarkus.http.port to a free port, or to 0 for any",
                    bind.getHost(), bind.getPort());
            return ExitCode.PORT;
        }
        if (cause instanceof ConfigurationException || cause instanceof ConfigValidationException) {
            System.err.println(plain(cause.getMessage()));
            return ExitCode.SETTINGS;
        }
        if (cause instanceof UnknownHostException unknown) {
            LOG.errorf(
                    "HTTP cannot listen: the host %s is not known; set quarkus.http.host to an address of this machine",
                    unknown.getMessage());
            return ExitCode.PORT;
        }
        if (cause instanceof StartFailure failure) {
            LOG.error(failure.getMessage());
            return failure.code();
        }
        LOG.error("The service cannot start", cause);
        return ExitCode.INTERNAL;
    }

    private static Optional<String> settingsProblem() {
        Config config = ConfigProvider.getConfig();
        List<String> keys = new ArrayList<>();
        for (ConfigSource source : config.getConfigSources()) {
            // Variables were judged before.
            if (!source.getName().startsWith("EnvConfigSource")) {
                keys.addAll(source.getPropertyNames());
            }
        }
        return SettingNames.unknownKey(keys).or(() -> SettingRules.problem(CloudService.values(config)));
    }

    /** In one line, in the words of our own rules where it is about a value, and without the framework's codes and classes. */
    private static String plain(String message) {
        String line = message.trim()
                .replaceAll("SRCFG[0-9]+: |([a-z]+\\.)+[A-Z][A-Za-z]*(Exception|Error): ", "")
                .replaceAll("\\s*\\R\\s*", " ");
        Matcher value = CONVERSION.matcher(line);
        return value.find()
                ? value.group("name") + "=" + value.group("value") + " cannot be used: " + value.group("why")
                : "A setting cannot be used: " + line;
    }
}
