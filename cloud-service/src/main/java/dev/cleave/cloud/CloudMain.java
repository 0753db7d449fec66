package dev.cleave.cloud;

import dev.cleave.cloud.process.ExitCode;
import dev.cleave.cloud.process.ParentWatch;
import dev.cleave.cloud.process.Signals;
import dev.cleave.cloud.process.StartFailure;
import dev.cleave.cloud.process.StopRequest;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.util.ExceptionUtil;
import io.smallrye.config.ConfigValidationException;
import jakarta.inject.Inject;
import org.jboss.logging.Logger;

/** The process: starts the service, waits for a reason to stop, stops it and ends with the exit code that says why. */
@QuarkusMain
public class CloudMain implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(CloudMain.class);

    private static final StopRequest STOP = new StopRequest();

    @Inject
    CloudService service;

    @Inject
    CloudConfig config;

    /** Starts the process. */
    public static void main(String... args) {
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
        if (cause instanceof QuarkusBindException bind) {
            LOG.errorf(
                    "HTTP cannot listen on %s:%d: the port is taken or the address is not this machine's;"
                            + " set quarkus.http.port to a free port, or to 0 for any",
                    bind.getHost(), bind.getPort());
            return ExitCode.PORT;
        }
        if (cause instanceof ConfigurationException || cause instanceof ConfigValidationException) {
            // The log takes its own settings from the same place, so it may not work yet.
            System.err.println(
                    "A setting cannot be used: " + cause.getMessage().trim().replaceAll("\\s*\\R\\s*", " "));
            return ExitCode.SETTINGS;
        }
        if (cause instanceof StartFailure failure) {
            LOG.error(failure.getMessage());
            return failure.code();
        }
        LOG.error("The service cannot start", cause);
        return ExitCode.INTERNAL;
    }
}
