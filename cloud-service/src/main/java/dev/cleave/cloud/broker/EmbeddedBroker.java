package dev.cleave.cloud.broker;

import dev.cleave.cloud.process.ExitCode;
import dev.cleave.cloud.process.StartFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.spi.core.remoting.Acceptor;
import org.jboss.logging.Logger;

/**
 * Artemis inside this process: MQTT 5 on one loopback port, everything in memory, nothing on disk.
 *
 * <p>It speaks without TLS and knows at most one login, therefore it serves this machine only. Several machines want a
 * broker of their own.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final long TOPIC_SCAN_MILLIS = 5_000;
    private static final Logger LOG = Logger.getLogger(EmbeddedBroker.class);

    private static final String ACCEPTOR = "mqtt";

    /** Bytes that wait for a subscriber on one topic before more are dropped: some times a session's window. */
    private static final long TOPIC_BYTES = 16L << 20;

    // Topic aliases spare a step its topic; Paho takes them by itself. It can reconnect for ever where it resumes a
    // session with
    // them, which links never do. The receive maximum bounds what one client has under way.
    private static final String OPTIONS = "protocols=MQTT;topicAliasMaximum=16;receiveMaximum=200;tcpNoDelay=true";

    private final EmbeddedActiveMQ server;
    private final URI uri;

    private EmbeddedBroker(EmbeddedActiveMQ server, URI uri) {
        this.server = server;
        this.uri = uri;
    }

    /**
     * A login.
     *
     * @param user name
     * @param password never printed
     */
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return user;
        }
    }

    /**
     * Starts a broker.
     *
     * @param host a loopback address
     * @param port 0 for any that is free
     * @param login that everybody must give; without, everybody may connect
     * @throws StartFailure where the address is not loopback, the port is taken, or Artemis fails
     */
    public static EmbeddedBroker start(String host, int port, Optional<Login> login) {
        InetAddress address = loopback(host);
        probe(address, host, port);
        EmbeddedActiveMQ server = new EmbeddedActiveMQ();
        server.setConfiguration(configuration(address, port, login.isPresent()));
        login.ifPresent(l -> server.setSecurityManager(new SingleLogin(l.user(), l.password())));
        try {
            server.start();
            Acceptor acceptor = server.getActiveMQServer().getRemotingService().getAcceptor(ACCEPTOR);
            if (acceptor == null || !acceptor.isStarted() || acceptor.getActualPort() <= 0) {
                throw new StartFailure(
                        ExitCode.PORT,
                        "The embedded broker cannot listen on " + host + ":" + port
                                + "; set cleave.broker.port to a free port, or to 0 for any");
            }
            URI uri = new URI("tcp", null, address.getHostAddress(), acceptor.getActualPort(), null, null, null);
            LOG.infof(
                    "Embedded broker: connect to %s by MQTT 5, from this machine only, without TLS, %s",
                    uri, login.map(l -> "with the login of user " + l.user()).orElse("without a login"));
            return new EmbeddedBroker(server, uri);
        } catch (StartFailure e) {
            stop(server);
            throw e;
        } catch (Exception e) {
            stop(server);
            LOG.debug("Artemis failed to start", e);
            throw new StartFailure(ExitCode.INTERNAL, "The embedded broker cannot start: " + e);
        }
    }

    private static InetAddress loopback(String host) {
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new StartFailure(
                    ExitCode.SETTINGS,
                    "cleave.broker.host '" + host
                            + "' is not known; use 127.0.0.1, or cleave.broker.url for another broker");
        }
        if (!address.isLoopbackAddress()) {
            throw new StartFailure(
                    ExitCode.SETTINGS,
                    "cleave.broker.host " + host + " is not a loopback address, and the embedded broker has no TLS:"
                            + " activations can be turned back into text, so they must not cross a network in the clear."
                            + " Keep 127.0.0.1, or run a broker with TLS and logins and set cleave.broker.url to"
                            + " ssl://host:port");
        }
        return address;
    }

    // Artemis only logs a port that is taken; this says so before it starts.
    private static void probe(InetAddress address, String host, int port) {
        if (port < 0 || port > 65535) {
            throw new StartFailure(ExitCode.SETTINGS, "cleave.broker.port " + port + " is outside 0..65535");
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
        } catch (IOException e) {
            throw new StartFailure(
                    ExitCode.PORT,
                    "The embedded broker cannot listen on " + host + ":" + port + " (" + e.getMessage()
                            + "); set cleave.broker.port to a free port, or to 0 for any");
        }
    }

    private static Configuration configuration(InetAddress address, int port, boolean login) {
        String host = address.getHostAddress();
        Configuration configuration = new ConfigurationImpl()
                .setName("cleave")
                .setPersistenceEnabled(false)
                .setSecurityEnabled(login)
                .setJMXManagementEnabled(false)
                .setMessageCounterEnabled(false)
                .setCriticalAnalyzer(false)
                .setAddressQueueScanPeriod(TOPIC_SCAN_MILLIS)
                .setGlobalMaxSize(Runtime.getRuntime().maxMemory() / 4)
                .setMaxDiskUsage(-1);
        try {
            configuration.addAcceptorConfiguration(
                    ACCEPTOR, "tcp://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "?" + OPTIONS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        // Full means dropped, never paged to disk: a step that is lost is asked for again, or times out.
        configuration.addAddressSetting(
                "#",
                new AddressSettings()
                        .setAddressFullMessagePolicy(AddressFullMessagePolicy.DROP)
                        .setMaxSizeBytes(TOPIC_BYTES)
                        .setAutoCreateQueues(true)
                        .setAutoCreateAddresses(true)
                        .setAutoDeleteQueues(true)
                        .setAutoDeleteAddresses(true)
                        // Sessions' topics are never bound themselves, because subscriptions have wildcards; without
                        // this
                        // Artemis would take them for not used yet and keep them for ever, 11 KB each.
                        .setAutoDeleteAddressesSkipUsageCheck(true));
        return configuration;
    }

    /** Returns where devices and workers connect, with the actual port. */
    public URI uri() {
        return uri;
    }

    /** Returns whether it listens. */
    public boolean listening() {
        return server.getActiveMQServer().isStarted();
    }

    @Override
    public void close() {
        stop(server);
    }

    private static void stop(EmbeddedActiveMQ server) {
        try {
            if (server.getActiveMQServer() != null) {
                server.stop();
            }
        } catch (Exception e) {
            LOG.warnf("The embedded broker did not stop in order: %s", e);
        }
    }
}
