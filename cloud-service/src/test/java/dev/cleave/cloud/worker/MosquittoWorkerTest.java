package dev.cleave.cloud.worker;

import dev.cleave.transport.broker.Mosquitto;
import dev.cleave.transport.broker.TestBroker;
import java.nio.file.Path;

class MosquittoWorkerTest extends WorkerContract {
    @Override
    TestBroker start(Path folder) throws Exception {
        return Mosquitto.start(folder, false);
    }
}
