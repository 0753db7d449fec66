package dev.cleave.transport.emulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A link may be slow, and never wrong; and it is never faster than its figures. */
@Timeout(120)
class ShapedProxyTest {
    private static final double FREE = Double.POSITIVE_INFINITY;
    private static final byte[] WORD = "a word".getBytes(StandardCharsets.US_ASCII);

    private EchoServer echo;

    @BeforeEach
    void startTheEcho() throws Exception {
        echo = EchoServer.start();
    }

    @AfterEach
    void stopTheEcho() throws Exception {
        echo.close();
    }

    private ShapedProxy proxy(LinkShape shape) throws Exception {
        return ShapedProxy.start(echo.uri(), shape, 7);
    }

    static Stream<LinkShape> impairments() {
        return Stream.of(
                LinkShape.NONE,
                LinkShape.of(10, 0),
                LinkShape.of(100, 40),
                new LinkShape(FREE, FREE, 10, 30, 0),
                new LinkShape(4e6, 20e6, 5, 2, 0.02),
                new LinkShape(20e6, 4e6, 0, 0, 0.02));
    }

    @ParameterizedTest
    @MethodSource("impairments")
    void bytesArriveUnchangedAndInOrderOnEveryConnection(LinkShape shape) throws Exception {
        try (ShapedProxy proxy = proxy(shape)) {
            List<byte[]> payloads = IntStream.range(0, 5)
                    .mapToObj(i -> Client.payload(i, 20_000 + 7_001 * i))
                    .toList();
            atOnce(payloads.stream()
                    .map(payload -> (Callable<Double>) () -> {
                        try (Client client = new Client(proxy.uri())) {
                            return client.roundTrip(payload);
                        }
                    })
                    .toList());
            long bytes = payloads.stream().mapToLong(payload -> payload.length).sum();
            assertThat(proxy.bytesUp()).isEqualTo(bytes);
            assertThat(proxy.bytesDown()).isEqualTo(bytes);
        }
    }

    @Test
    void bytesArriveUnchangedAndInOrderWhileTheLinkChangesAndDies() throws Exception {
        try (ShapedProxy proxy = proxy(LinkShape.of(8, 20));
                Client client = new Client(proxy.uri())) {
            byte[] payload = Client.payload(11, 600_000);
            var sent = client.send(payload);
            byte[] start = client.receive(100_000);
            proxy.setLink(new LinkShape(2e6, 3e6, 2, 20, 0.01));
            byte[] middle = client.receive(100_000);
            proxy.outage(Duration.ofMillis(20), Duration.ofMillis(300));
            byte[] more = client.receive(200_000);
            proxy.setLink(LinkShape.NONE);
            byte[] rest = client.receive(200_000);
            sent.get(Client.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            byte[] all = new byte[payload.length];
            System.arraycopy(start, 0, all, 0, start.length);
            System.arraycopy(middle, 0, all, 100_000, middle.length);
            System.arraycopy(more, 0, all, 200_000, more.length);
            System.arraycopy(rest, 0, all, 400_000, rest.length);
            assertThat(all).isEqualTo(payload);
        }
    }

    @Test
    void nothingIsFasterThanDelayAndBandwidthOfItsDirection() throws Exception {
        byte[] payload = Client.payload(3, 50_000);
        for (LinkShape shape : List.of(new LinkShape(1e6, FREE, 80, 0, 0), new LinkShape(FREE, 1e6, 80, 0, 0))) {
            try (ShapedProxy proxy = proxy(shape);
                    Client client = new Client(proxy.uri())) {
                assertThat(client.roundTrip(WORD)).isGreaterThanOrEqualTo(80);
                assertThat(client.roundTrip(payload)).isGreaterThanOrEqualTo(80 + payload.length * 8 / 1e3);
            }
        }
    }

    @Test
    void connectionsShareTheBandwidth() throws Exception {
        byte[] payload = Client.payload(4, 25_000);
        try (ShapedProxy proxy = proxy(new LinkShape(1e6, FREE, 0, 0, 0))) {
            Callable<Double> transfer = () -> {
                try (Client client = new Client(proxy.uri())) {
                    return client.roundTrip(payload);
                }
            };
            long begin = System.nanoTime();
            atOnce(List.of(transfer, transfer, transfer));
            assertThat((System.nanoTime() - begin) / 1e6).isGreaterThanOrEqualTo(3 * payload.length * 8 / 1e3);
        }
    }

    @Test
    void aLostSegmentWaitsForTheTimer() throws Exception {
        try (ShapedProxy proxy = proxy(new LinkShape(FREE, FREE, 0, 0, 1));
                Client client = new Client(proxy.uri())) {
            assertThat(client.roundTrip(WORD)).isGreaterThanOrEqualTo(2 * 200);
        }
    }

    @Test
    void aChangeHoldsFromTheNextBytesOn() throws Exception {
        byte[] payload = Client.payload(5, 25_000);
        LinkShape wide = LinkShape.of(100, 10);
        try (ShapedProxy proxy = proxy(wide);
                Client client = new Client(proxy.uri())) {
            client.roundTrip(payload);
            proxy.setLink(wide.withBandwidth(0.01));
            assertThat(proxy.link()).isEqualTo(LinkShape.of(1, 10));
            assertThat(client.roundTrip(payload)).isGreaterThanOrEqualTo(10 + payload.length * 8 / 1e3);
        }
    }

    /** At a bit a second not one segment would arrive before the test's limit. */
    @Test
    void aChangeHoldsForWhatAlreadyWaits() throws Exception {
        try (ShapedProxy proxy = proxy(new LinkShape(1, FREE, 0, 0, 0));
                Client client = new Client(proxy.uri())) {
            byte[] payload = Client.payload(6, 100_000);
            var sent = client.send(payload);
            assertThat(client.silentFor(100)).isTrue();
            proxy.setLink(LinkShape.of(100, 0));
            assertThat(client.receive(payload.length)).isEqualTo(payload);
            sent.get(Client.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Test
    void aDeadLinkHoldsWhatItHasUntilItIsAliveAgain() throws Exception {
        try (ShapedProxy proxy = proxy(LinkShape.of(10, 60));
                Client client = new Client(proxy.uri())) {
            client.roundTrip(WORD);
            proxy.hold();
            client.send(WORD).get(Client.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            assertThat(client.silentFor(400)).isTrue();
            proxy.resume();
            assertThat(client.receive(WORD.length)).isEqualTo(WORD);
            client.roundTrip(WORD);
        }
    }

    @Test
    void anOutageEndsByItself() throws Exception {
        try (ShapedProxy proxy = proxy(LinkShape.NONE);
                Client client = new Client(proxy.uri())) {
            client.roundTrip(WORD);
            long begin = System.nanoTime();
            proxy.outage(Duration.ZERO, Duration.ofMillis(500));
            client.roundTrip(WORD);
            assertThat((System.nanoTime() - begin) / 1e6).isGreaterThanOrEqualTo(500);
            assertThatThrownBy(() -> proxy.outage(Duration.ofMillis(-1), Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("-0.001S");
        }
    }

    @Test
    void droppingClosesBothSidesAndServesWhoComesBack() throws Exception {
        // At this bandwidth what waits would take an hour: it is lost with its connection.
        try (ShapedProxy proxy = proxy(LinkShape.of(1, 10));
                Client client = new Client(proxy.uri());
                Client other = new Client(proxy.uri())) {
            client.roundTrip(WORD);
            other.roundTrip(WORD);
            assertThat(proxy.connections()).isEqualTo(2);
            proxy.setLink(LinkShape.of(0.0001, 10));
            client.send(Client.payload(8, 50_000)).get(Client.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            proxy.drop();
            assertThat(client.ends()).isTrue();
            assertThat(other.ends()).isTrue();
            eventually(() -> echo.connections() == 0 && proxy.connections() == 0);
            proxy.setLink(LinkShape.of(1, 10));
            try (Client next = new Client(proxy.uri())) {
                next.roundTrip(WORD);
            }
        }
    }

    @Test
    void anEndTravelsBehindTheBytesBeforeIt() throws Exception {
        try (ShapedProxy proxy = proxy(LinkShape.of(2, 50));
                Client client = new Client(proxy.uri())) {
            byte[] payload = Client.payload(9, 30_000);
            client.send(payload).get(Client.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            client.endSending();
            assertThat(client.receive(payload.length + 1)).isEqualTo(payload);
            eventually(() -> proxy.connections() == 0);
        }
    }

    @Test
    void whoeverReachesNobodyIsClosed() throws Exception {
        URI nobody = echo.uri();
        echo.close();
        try (ShapedProxy proxy = ShapedProxy.start(nobody, LinkShape.NONE, 1);
                Client client = new Client(proxy.uri())) {
            assertThat(client.ends()).isTrue();
            eventually(() -> proxy.connections() == 0);
        }
    }

    @Test
    void closingEndsConnectionsAndThreads() throws Exception {
        ShapedProxy proxy = proxy(LinkShape.of(1, 100));
        try (Client client = new Client(proxy.uri())) {
            client.roundTrip(WORD);
            proxy.hold();
            client.send(WORD);
            proxy.close();
            assertThat(client.ends()).isTrue();
            eventually(() -> Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .noneMatch(name -> name.startsWith("shaped-")));
        }
    }

    @Test
    void aTargetWithoutAPortIsRefused() {
        assertThatThrownBy(() -> ShapedProxy.start(URI.create("tcp://localhost"), LinkShape.NONE, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tcp://localhost");
    }

    private static void atOnce(List<Callable<Double>> tasks) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(tasks.size());
        try {
            List<Future<Double>> futures = new ArrayList<>(executor.invokeAll(tasks));
            for (Future<Double> future : futures) {
                future.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private static void eventually(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Client.PATIENCE_MILLIS);
        while (!condition.call()) {
            assertThat(System.nanoTime() - end).as("patience").isNegative();
            Thread.sleep(10);
        }
    }
}
