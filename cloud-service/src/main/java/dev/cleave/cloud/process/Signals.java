package dev.cleave.cloud.process;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Takes SIGHUP, SIGINT and SIGTERM before the virtual machine does.
 *
 * <p>The machine's own answer is to run all shutdown hooks at once, and one of them is ONNX Runtime's, which frees the
 * engine under a running step. So the service is stopped first, and the machine afterwards.
 */
public final class Signals {
    private static final Logger LOG = Logger.getLogger(Signals.class);

    private static final Map<String, ExitCode> STOPPING =
            Map.of("HUP", ExitCode.HUNG_UP, "INT", ExitCode.INTERRUPTED, "TERM", ExitCode.TERMINATED);

    private Signals() {}

    /**
     * Calls {@code stop} for each SIGHUP, SIGINT and SIGTERM instead of ending the machine.
     *
     * @param stop gets the code to end with; must not block
     */
    public static void onStop(Consumer<ExitCode> stop) {
        STOPPING.forEach((name, code) -> handle(name, () -> stop.accept(code)));
    }

    // By reflection: javac warns of sun.misc.Signal whenever it is named, and there is no other API.
    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy =
                    Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, (p, m, a) -> {
                        switch (m.getName()) {
                            case "handle" -> action.run();
                            case "equals" -> {
                                return p == a[0];
                            }
                            case "hashCode" -> {
                                return System.identityHashCode(p);
                            }
                            case "toString" -> {
                                return "stop on SIG" + name;
                            }
                            default -> throw new IllegalStateException(m.toString());
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            LOG.debugf(e, "SIG%s is left to the virtual machine", name);
        }
    }
}
