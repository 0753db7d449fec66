package dev.cleave.transport.broker;

import dev.cleave.transport.BrokerOptions;
import java.net.URI;
import java.util.Optional;

/** A broker that a test started. */
public interface TestBroker extends AutoCloseable {
    /** Its login, where it has one. */
    String USER = "hub";

    /** Of {@link #USER}. */
    String PASSWORD = "correct horse";

    /** Returns {@code tcp://127.0.0.1:port}. */
    URI uri();

    /** Ends it as a power cut would. */
    void kill();

    @Override
    void close();

    /** Returns options with the login. */
    default BrokerOptions login() {
        return new BrokerOptions(uri(), Optional.of(USER), Optional.of(PASSWORD.toCharArray()));
    }

    /** Returns options without a login. */
    default BrokerOptions anonymous() {
        return BrokerOptions.of(uri().toString());
    }
}
