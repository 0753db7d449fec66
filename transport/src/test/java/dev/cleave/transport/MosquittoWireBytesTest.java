package dev.cleave.transport;

import dev.cleave.transport.broker.Mosquitto;
import dev.cleave.transport.broker.TestBroker;
import java.nio.file.Path;

class MosquittoWireBytesTest extends WireBytesContract {
    @Override
    TestBroker start(Path folder) throws Exception {
        return Mosquitto.start(folder, true);
    }
}
