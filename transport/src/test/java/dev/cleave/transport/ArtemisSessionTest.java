package dev.cleave.transport;

import dev.cleave.transport.broker.Artemis;
import dev.cleave.transport.broker.TestBroker;
import java.nio.file.Path;

class ArtemisSessionTest extends SessionContract {
    @Override
    TestBroker start(Path folder, boolean login) throws Exception {
        return new Artemis(login);
    }
}
