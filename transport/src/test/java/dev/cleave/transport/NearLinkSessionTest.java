package dev.cleave.transport;

import dev.cleave.transport.broker.DelayedBroker;
import dev.cleave.transport.broker.Mosquitto;
import dev.cleave.transport.broker.TestBroker;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The same with Mosquitto at the far end of a link of 20 ms and up to 5 ms of jitter each way; waiting, they run beside each other. */
@Timeout(180)
@Execution(ExecutionMode.CONCURRENT)
class NearLinkSessionTest extends SessionContract {
    @Override
    TestBroker start(Path folder, boolean login) throws Exception {
        return new DelayedBroker(Mosquitto.start(folder, login), 20, 5);
    }
}
