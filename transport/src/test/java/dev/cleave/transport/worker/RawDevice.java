package dev.cleave.transport.worker;

import com.google.protobuf.ByteString;
import dev.cleave.proto.Activations;
import dev.cleave.proto.CloseSession;
import dev.cleave.proto.DeviceMessage;
import dev.cleave.proto.OpenSession;
import dev.cleave.proto.SamplePositions;
import dev.cleave.proto.Sampling;
import dev.cleave.proto.WorkerMessage;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** A device that sends what a test says, in the order that it says, and keeps what it hears: no device of ours would. */
public final class RawDevice implements AutoCloseable {
    /** Hash of the model that {@link #ask(String, int, String)} names. */
    public static final String MODEL = "0123456789abcdef".repeat(4);

    private static final long PATIENCE_MILLIS = 20_000;

    private final String name;
    private final MqttAsyncClient client;
    private final BlockingQueue<WorkerMessage> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<byte[]> seen = new LinkedBlockingQueue<>();

    /** Connects. */
    public RawDevice(URI broker, String name) throws Exception {
        this.name = name;
        client = new MqttAsyncClient(broker.toString(), "raw-" + name, new MemoryPersistence());
        client.setCallback(new Callback());
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setCleanStart(true);
        client.connect(options).waitForCompletion(PATIENCE_MILLIS);
        subscribe("cleave/1/d/" + name + "/+");
    }

    /** Listens to another topic as well; what comes there is {@link #seen}. */
    void watch(String topic) throws MqttException {
        subscribe(topic);
    }

    /** Returns the next message on a topic that it watches. */
    byte[] seen() throws InterruptedException {
        byte[] next = seen.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        Assertions.assertThat(next).as("a message that device %s sees", name).isNotNull();
        return next;
    }

    private void subscribe(String filter) throws MqttException {
        client.subscribe(filter, 1).waitForCompletion(PATIENCE_MILLIS);
    }

    /** Publishes, and waits until the broker has it and Paho has counted that. */
    private void publish(String topic, byte[] message) throws MqttException {
        CountDownLatch counted = new CountDownLatch(1);
        MqttActionListener listener = new MqttActionListener() {
            @Override
            public void onSuccess(IMqttToken token) {
                counted.countDown();
            }

            @Override
            public void onFailure(IMqttToken token, Throwable failure) {
                // The test waits in vain, and says for what.
            }
        };
        client.publish(topic, message, 1, false, null, listener);
        try {
            Assertions.assertThat(counted.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS))
                    .as("%s is acknowledged", topic)
                    .isTrue();
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
    }

    void ask(String session, int epoch, String nonce) throws MqttException {
        ask(opening(session, epoch, nonce));
    }

    /** Asks for a session. */
    public void ask(OpenSession open) throws MqttException {
        publish("cleave/1/open/" + open.getModelHash().substring(0, 16) + "/" + name, open.toByteArray());
    }

    /** Returns an opening, of split 6 at 256 tokens. */
    public OpenSession opening(String session, int epoch, String nonce) {
        return OpenSession.newBuilder()
                .setProtocolVersion(1)
                .setDevice(name)
                .setSession(session)
                .setEpoch(epoch)
                .setNonce(ByteString.copyFromUtf8(nonce))
                .setModelHash(MODEL)
                .setSplit(6)
                .setFrontBits(4)
                .setBackBits(8)
                .setQuality("int8")
                .setMaxLength(256)
                .setSampling(Sampling.newBuilder().setTopP(1))
                .build();
    }

    /** Closes a session. */
    public void close(String worker, String session, int epoch, String nonce) throws MqttException {
        tell(
                worker,
                session,
                DeviceMessage.newBuilder()
                        .setClose(CloseSession.newBuilder().setEpoch(epoch).setNonce(ByteString.copyFromUtf8(nonce)))
                        .build());
    }

    void step(String worker, String session, int epoch, int seq, int position) throws MqttException {
        tell(
                worker,
                session,
                DeviceMessage.newBuilder()
                        .setActivations(Activations.newBuilder()
                                .setEpoch(epoch)
                                .setSeq(seq)
                                .setPosition(position)
                                .setCount(1)
                                .setChunks(1)
                                .setSample(SamplePositions.LAST)
                                .setPayload(ByteString.copyFrom(new byte[] {1, 2, 3})))
                        .build());
    }

    /** Sends a session's message. */
    public void tell(String worker, String session, DeviceMessage message) throws MqttException {
        publish("cleave/1/w/" + worker + "/s/" + name + "/" + session, message.toByteArray());
    }

    /** Returns the next message. */
    public WorkerMessage hear() throws InterruptedException {
        WorkerMessage next = heard.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        Assertions.assertThat(next).as("a message to device %s", name).isNotNull();
        return next;
    }

    /** Returns what was heard and not yet returned. */
    Optional<WorkerMessage> heardAlready() {
        return Optional.ofNullable(heard.poll());
    }

    @Override
    public void close() throws MqttException {
        client.disconnectForcibly(0, 1000, true);
        client.close(true);
    }

    private final class Callback implements MqttCallback {
        @Override
        public void messageArrived(String topic, MqttMessage message) throws Exception {
            if (topic.startsWith("cleave/1/d/")) {
                heard.add(WorkerMessage.parseFrom(message.getPayload()));
            } else {
                seen.add(message.getPayload());
            }
        }

        @Override
        public void disconnected(MqttDisconnectResponse response) {}

        @Override
        public void mqttErrorOccurred(MqttException failure) {}

        @Override
        public void deliveryComplete(IMqttToken token) {}

        @Override
        public void connectComplete(boolean reconnect, String uri) {}

        @Override
        public void authPacketArrived(int reasonCode, MqttProperties properties) {}
    }
}
