package dev.cleave.bench.emulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.Locale;

/** Small messages and bursts to an echo and back, through emulated links. */
final class LinkCheck {
    private static final double[] MEGABITS = {1, 10, 100};
    private static final double[] ROUND_TRIP_MILLIS = {5, 40, 150};
    private static final int MESSAGE_BYTES = 64;
    private static final int MESSAGES = 41;
    private static final int BURST_BYTES = 256 * 1024;
    private static final int BURSTS = 7;
    private static final int WARM_UP = 3;
    private static final int PATIENCE_MILLIS = 60_000;

    private LinkCheck() {}

    static void append(StringBuilder text) throws IOException {
        text.append("## Links, emulated\n\n");
        text.append(String.format(
                Locale.ROOT,
                "A plain echo over loopback behind the proxy: no broker, so that the proxy alone is measured. *Asked* for a message is"
                        + " the\nround trip and the time to send its %d bytes twice; for a burst of %d KiB its bits over the bandwidth and the"
                        + " round trip: nothing\ncan be faster. *Goodput* is the burst's bits over its time less the round trip asked. Medians"
                        + " of %d messages and %d bursts after %d\nof each to warm up; 90 %%: nine of ten messages were as fast. No jitter, no"
                        + " stalls.\n\n",
                MESSAGE_BYTES,
                BURST_BYTES / 1024,
                MESSAGES,
                BURSTS,
                WARM_UP));
        text.append(
                "| bandwidth, Mbit/s | round trip, ms | message, ms: asked | measured | 90 % | burst, ms: asked | measured |"
                        + " goodput, Mbit/s | of the bandwidth |\n");
        text.append("|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        for (double megabits : MEGABITS) {
            for (double roundTrip : ROUND_TRIP_MILLIS) {
                row(text, megabits, roundTrip);
            }
        }
        try (EchoServer echo = EchoServer.start();
                Socket socket = connect(echo.uri().getPort())) {
            double[] bare = measure(socket, MESSAGE_BYTES, MESSAGES);
            double[] bursts = measure(socket, BURST_BYTES, BURSTS);
            text.append(String.format(
                    Locale.ROOT,
                    "%nWithout the proxy a message takes %.2f ms and a burst %.1f ms.%n%n",
                    Median.of(bare),
                    Median.of(bursts)));
        }
    }

    private static void row(StringBuilder text, double megabits, double roundTrip) throws IOException {
        try (EchoServer echo = EchoServer.start();
                ShapedProxy proxy = ShapedProxy.start(echo.uri(), LinkShape.of(megabits, roundTrip), 1);
                Socket socket = connect(proxy.uri().getPort())) {
            double[] messages = measure(socket, MESSAGE_BYTES, MESSAGES);
            double burst = Median.of(measure(socket, BURST_BYTES, BURSTS));
            double goodput = BURST_BYTES * 8 / 1e3 / (burst - roundTrip);
            text.append(String.format(
                    Locale.ROOT,
                    "| %.0f | %.0f | %.2f | %.2f | %.2f | %.1f | %.1f | %.2f | %.1f %% |%n",
                    megabits,
                    roundTrip,
                    roundTrip + 2 * MESSAGE_BYTES * 8 / 1e3 / megabits,
                    Median.of(messages),
                    Median.quantile(messages, 0.9),
                    roundTrip + BURST_BYTES * 8 / 1e3 / megabits,
                    burst,
                    goodput,
                    100 * goodput / megabits));
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** Returns ms from the first byte sent to the last received. */
    private static double[] measure(Socket socket, int size, int times) throws IOException {
        byte[] bytes = new byte[size];
        double[] millis = new double[times];
        for (int i = -WARM_UP; i < times; i++) {
            long begin = System.nanoTime();
            Thread sender = new Thread(() -> send(socket, bytes), "burst");
            if (size > MESSAGE_BYTES) {
                // The echo stops reading when nobody reads it.
                sender.start();
            } else {
                sender.run();
            }
            int received = socket.getInputStream().readNBytes(bytes.length).length;
            if (received != size) {
                throw new IOException("the echo ended after " + received + " of " + size + " bytes");
            }
            if (i >= 0) {
                millis[i] = (System.nanoTime() - begin) / 1e6;
            }
        }
        return millis;
    }

    private static void send(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
