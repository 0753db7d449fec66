package dev.cleave.transport;

import dev.cleave.transport.broker.Mosquitto;
import dev.cleave.transport.broker.TestBroker;
import java.nio.file.Path;

class MosquittoSessionTest extends SessionContract {
    @Override
    TestBroker start(Path folder, boolean login) throws Exception {
        return Mosquitto.start(folder, login);
    }
}
