package dev.cleave.cloud.worker;

import dev.cleave.cloud.broker.EmbeddedBroker;
import dev.cleave.transport.broker.TestBroker;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

class EmbeddedBrokerWorkerTest extends WorkerContract {
    @Override
    TestBroker start(Path folder) {
        EmbeddedBroker broker = EmbeddedBroker.start("127.0.0.1", 0, Optional.empty());
        return new TestBroker() {
            @Override
            public URI uri() {
                return broker.uri();
            }

            @Override
            public void kill() {
                broker.close();
            }

            @Override
            public void close() {
                broker.close();
            }
        };
    }
}
