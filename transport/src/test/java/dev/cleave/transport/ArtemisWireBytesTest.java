package dev.cleave.transport;

import dev.cleave.transport.broker.Artemis;
import dev.cleave.transport.broker.TestBroker;
import java.nio.file.Path;

class ArtemisWireBytesTest extends WireBytesContract {
    @Override
    TestBroker start(Path folder) throws Exception {
        return new Artemis(true);
    }
}
