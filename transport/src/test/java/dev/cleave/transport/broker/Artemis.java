package dev.cleave.transport.broker;

import java.net.URI;
import java.util.Set;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager;

/** Artemis in this virtual machine. */
public final class Artemis implements TestBroker {
    private final EmbeddedActiveMQ server = new EmbeddedActiveMQ();
    private final int port;

    /** Starts one. */
    public Artemis(boolean login) throws Exception {
        Configuration configuration = new ConfigurationImpl()
                .setPersistenceEnabled(false)
                .setSecurityEnabled(login)
                .setJMXManagementEnabled(false)
                .setCriticalAnalyzer(false)
                .setMaxDiskUsage(-1)
                .addAcceptorConfiguration(
                        "mqtt",
                        "tcp://127.0.0.1:0?protocols=MQTT;topicAliasMaximum=16;receiveMaximum=200;tcpNoDelay=true")
                .addAddressSetting("#", new AddressSettings());
        server.setConfiguration(configuration);
        if (login) {
            server.setSecurityManager(new OneLogin());
        }
        server.start();
        port = server.getActiveMQServer()
                .getRemotingService()
                .getAcceptor("mqtt")
                .getActualPort();
    }

    @Override
    public URI uri() {
        return URI.create("tcp://127.0.0.1:" + port);
    }

    @Override
    public void kill() {
        close();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static final class OneLogin implements ActiveMQSecurityManager {
        @Override
        public boolean validateUser(String user, String password) {
            return USER.equals(user) && PASSWORD.equals(password);
        }

        @Override
        public boolean validateUserAndRole(String user, String password, Set<Role> roles, CheckType checkType) {
            return validateUser(user, password);
        }
    }
}
